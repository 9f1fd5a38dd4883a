import { activeScheme } from "./active-url.ts";
import { type Tag, tagsOf } from "./html-tags.ts";

/** Something in a text that would act by itself or on a click. */
interface ActiveFinding {
  /** To be read after "has": `a script`, `an event handler (onclick on <a>)`. */
  readonly what: string;
  readonly tag: Tag;
}

/** An image that HTML shows, by its address as written. */
interface ImageFinding {
  readonly address: string;
  readonly tag: Tag;
}

/** What HTML or SVG holds that a check looks at. */
export interface HtmlFindings {
  readonly active: readonly ActiveFinding[];
  readonly images: readonly ImageFinding[];
}

/** Reads HTML or SVG as a browser would. */
export function scanHtml(html: string): HtmlFindings {
  const tags = tagsOf(html);
  return {
    active: tags.flatMap((tag) => activeIn(tag).map((what) => ({ what, tag }))),
    images: tags.flatMap((tag) => imagesOf(tag).map((address) => ({ address, tag }))),
  };
}

/** Elements that load a document or a program into the page. */
const EMBEDDING = new Set([
  "iframe",
  "frame",
  "frameset",
  "object",
  "embed",
  "applet",
  "portal",
  "fencedframe",
]);

/** Attributes whose value a browser takes for an address, or animates into one. */
const ADDRESSES = new Set(
  `href xlink:href src action formaction data poster background cite codebase classid code archive longdesc profile
   usemap manifest ping dynsrc lowsrc values from to by`.split(/\s+/),
);

/** Elements whose address is a picture or a sound, never a document. */
const PICTURES = new Set(["img", "image", "feimage", "source", "video", "audio", "track", "input"]);

function activeIn(tag: Tag): string[] {
  const name = tag.name.replace(/^.*:/, "");
  const found: string[] = [];
  if (name === "script" && runs(tag)) found.push("a script");
  if (EMBEDDING.has(name)) found.push(`an embedded document (<${name}>)`);
  if (name === "meta" && /^\s*refresh\s*$/i.test(tag.attributes.get("http-equiv") ?? "")) {
    found.push("a redirect (<meta> refresh)");
  }
  for (const [attribute, value] of tag.attributes) found.push(...activeAttribute(tag, attribute, value));
  return found;
}

function activeAttribute(tag: Tag, attribute: string, value: string): string[] {
  if (/^on[a-z]/.test(attribute)) return [`an event handler (${attribute} on <${tag.name}>)`];
  if (attribute === "srcdoc") return ["an embedded document (srcdoc)"];
  if (!ADDRESSES.has(attribute)) return [];
  const list = attribute === "values" ? value.split(";") : [value];
  const scheme = list.map((address) => activeScheme(address, PICTURES.has(tag.name))).find(Boolean);
  return scheme ? [`an active address (${scheme} in ${attribute} of <${tag.name}>)`] : [];
}

/** A script element whose type a browser doesn't know is only data: widget states and formulas are kept so. */
function runs(tag: Tag): boolean {
  const type = tag.attributes.get("type")?.trim().toLowerCase();
  if (!type) return true;
  return (
    /^(?:text|application)\/(?:x-)?(?:java|ecma)script\b/.test(type) ||
    /^text\/(?:jscript|livescript)$/.test(type) ||
    /^(?:module|importmap|speculationrules)$/.test(type)
  );
}

function imagesOf(tag: Tag): string[] {
  const style = tag.attributes.get("style");
  return style === undefined ? imagesByElement(tag) : [...imagesByElement(tag), ...urlsIn(style)];
}

function imagesByElement({ name, attributes }: Tag): string[] {
  const values = (...names: string[]) =>
    names.map((key) => attributes.get(key)).filter((value) => value !== undefined);
  if (name === "img") return [...values("src"), ...values("srcset").flatMap(srcsetAddresses)];
  if (name === "source") return values("srcset").flatMap(srcsetAddresses);
  if (name === "video") return values("poster");
  if (name === "input") return attributes.get("type")?.toLowerCase() === "image" ? values("src") : [];
  if (name === "feimage") return values("href", "xlink:href").slice(0, 1);
  if (name === "image") {
    // In SVG an element of its own; in HTML a browser takes it for `img`.
    return [
      ...values("href", "xlink:href").slice(0, 1),
      ...values("src"),
      ...values("srcset").flatMap(srcsetAddresses),
    ];
  }
  if (/^(?:body|table|t[dhr]|t(?:head|body|foot))$/.test(name)) return values("background");
  return [];
}

/** The addresses that a style names, as in `background: url("a.png")`: pictures all, as fonts can't be named there. */
function urlsIn(style: string): string[] {
  const found = style.matchAll(/\burl\(\s*(?:"([^"]*)"|'([^']*)'|([^\s"'()]*))\s*\)/gi);
  return [...found].map(([, double, single, bare]) => double ?? single ?? bare ?? "");
}

/** The addresses of `a.png 1x, b.png 2x`; an address may hold commas, but not end in one. */
function srcsetAddresses(srcset: string): string[] {
  const addresses: string[] = [];
  let rest = srcset;
  while (rest.trim() !== "") {
    rest = rest.replace(/^[\s,]+/, "");
    const address = /^\S+/.exec(rest)?.[0] ?? "";
    rest = rest.slice(address.length);
    // A comma at its end closes the candidate; else its width or density follows, up to the next comma.
    if (!address.endsWith(",")) rest = rest.replace(/^(?:\([^)]*\)|[^,(])*/, "");
    const bare = address.replace(/,+$/, "");
    if (bare !== "") addresses.push(bare);
  }
  return addresses;
}
