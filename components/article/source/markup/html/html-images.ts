import type { Tag } from "./tag.ts";

/** The addresses of the images that an element shows, as written. */
export function imagesOf(tag: Tag): string[] {
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
