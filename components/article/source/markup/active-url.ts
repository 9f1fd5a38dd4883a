/** What an address would do in the page that it is in, where that is more than show or link something. */
export type ActiveScheme = "javascript:" | "vbscript:" | "data: document";

const DOCUMENT_TYPES =
  /^data:\s*(?:text\/(?:html|xml|javascript|ecmascript|xsl)|image\/svg\+xml|application\/(?:[\w.-]+\+)?(?:xml|javascript|ecmascript|x-javascript))\s*[;,]/;

/**
 * The scheme that makes an address active, read as a browser reads it: control characters and spaces before it
 * don't count, tabs and line ends inside it neither, nor case. Entities must have been decoded.
 * Where a picture is expected, an SVG document is only a picture.
 */
export function activeScheme(address: string, asPicture = false): ActiveScheme | undefined {
  if (!address.includes(":")) return undefined;
  const url = address
    .replace(/^[^!-\u{10ffff}]+/u, "")
    .replaceAll(/[\t\n\r]/g, "")
    .slice(0, 200)
    .toLowerCase();
  if (url.startsWith("javascript:")) return "javascript:";
  if (url.startsWith("vbscript:")) return "vbscript:";
  if (!asPicture && DOCUMENT_TYPES.test(url)) return "data: document";
  return undefined;
}
