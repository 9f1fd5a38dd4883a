import { activeScheme } from "../active-url.ts";
import type { Tag } from "./tag.ts";

/**
 * What may act: code is a script or a handler, a frame is a document of another site, a document is one that
 * is written into the page.
 */
type ActiveKind = "script" | "handler" | "frame" | "document" | "style sheet" | "other";

/** Something in a text that would act by itself or on a click, or load what acts. */
export interface ActiveFinding {
  /** To be read after "has": `a script`, `an event handler (onclick on <a>)`. */
  readonly what: string;
  readonly kind: ActiveKind;
  /** Its code, or its address; of a script, whichever it has. Entities are decoded. */
  readonly content: string;
}

/** Elements that load a document or a program into the page, if they name one. */
const EMBEDDING = new Set(["iframe", "frame", "object", "embed", "applet", "portal", "fencedframe"]);

/** Where such an element names it. */
const EMBEDDED = ["src", "data", "code", "archive", "classid", "codebase", "object"];

/** Attributes whose value a browser takes for an address, or animates into one. */
const ADDRESSES = new Set(
  `href xlink:href src action formaction data poster background cite codebase classid code archive longdesc profile
   usemap manifest ping dynsrc lowsrc values from to by`.split(/\s+/),
);

/** Elements whose address is a picture or a sound, never a document. */
const PICTURES = new Set(["img", "image", "feimage", "source", "video", "audio", "track", "input"]);

/**
 * Everything active in an element.
 * @param inner the text between the tag and the next, which is a script's code or a style sheet
 */
export function activeIn(tag: Tag, inner: () => string): ActiveFinding[] {
  const name = tag.name.includes(":") ? tag.name.replace(/^.*:/, "") : tag.name;
  const found: ActiveFinding[] = [];
  if (name === "script" && runs(tag)) {
    const content = tag.attributes.get("src") ?? tag.attributes.get("href") ?? inner();
    found.push({ what: "a script", kind: "script", content });
  }
  if (EMBEDDING.has(name)) found.push(...embedded(tag, name));
  found.push(...pageWide(tag, name, inner));
  for (const [attribute, value] of tag.attributes) found.push(...activeAttribute(tag, attribute, value));
  return found;
}

function embedded({ attributes }: Tag, name: string): ActiveFinding[] {
  if (attributes.has("srcdoc")) return []; // reported by the attribute, and it hides the address
  const content = EMBEDDED.map((key) => attributes.get(key)).find((value) => value?.trim());
  // Without an address it shows nothing, as where prose speaks of an `<object>`.
  if (content === undefined) return [];
  if (name === "iframe" && activeScheme(content) === "data: document") return []; // reported by the attribute
  return [{ what: `an embedded document (<${name}>)`, kind: name === "iframe" ? "frame" : "other", content }];
}

/** What an element does to the whole page. */
function pageWide({ attributes }: Tag, name: string, inner: () => string): ActiveFinding[] {
  const value = (key: string) => attributes.get(key) ?? "";
  if (name === "meta" && /^\s*refresh\s*$/i.test(value("http-equiv")))
    return [{ what: "a redirect (<meta> refresh)", kind: "other", content: value("content") }];
  if (name === "base" && value("href").trim() !== "")
    return [{ what: "an address that all links start from (<base>)", kind: "other", content: value("href") }];
  if (name === "link" && /(?:^|\s)stylesheet(?:\s|$)/i.test(value("rel")) && isRemote(value("href")))
    return [{ what: "a style sheet of another site (<link>)", kind: "style sheet", content: value("href") }];
  if (name !== "style") return [];
  const imported = /@import\s+(?:url\(\s*)?["']?\s*((?:https?:)?\/\/[^"')\s;]+)/i.exec(inner())?.[1];
  if (imported === undefined) return [];
  return [{ what: "a style sheet of another site (@import)", kind: "style sheet", content: imported }];
}

function isRemote(address: string): boolean {
  return /^\s*(?:https?:|[\\/]{2})/i.test(address);
}

function activeAttribute(tag: Tag, attribute: string, value: string): ActiveFinding[] {
  if (HANDLER.test(attribute)) {
    // One that is empty does nothing, as in what Airtable gives people to paste.
    if (value.trim() === "" && /^[a-z]+$/.test(attribute)) return [];
    return [
      { what: `an event handler (${attribute} on <${tag.name}>)`, kind: "handler", content: value.trim() },
    ];
  }
  if (attribute === "srcdoc")
    return [{ what: "an embedded document (srcdoc)", kind: "document", content: value }];
  if (!ADDRESSES.has(attribute)) return [];
  const list = attribute === "values" ? value.split(";") : [value];
  const scheme = list.map((address) => activeScheme(address, PICTURES.has(tag.name))).find(Boolean);
  if (scheme === "data: document" && tag.name === "iframe" && attribute === "src")
    return [{ what: "an embedded document (data:)", kind: "document", content: documentIn(value) }];
  if (scheme) {
    const isLink = tag.name === "a" && attribute === "href";
    const what = `an active address (${scheme} in ${isLink ? "a link" : `${attribute} of <${tag.name}>`})`;
    return [{ what, kind: "other", content: value }];
  }
  if (/^(?:form)?action$/.test(attribute) && isRemote(value))
    return [
      { what: `a form for another site (${attribute} of <${tag.name}>)`, kind: "other", content: value },
    ];
  return [];
}

/** The document that an address holds: in base64, or with its characters encoded. */
function documentIn(address: string): string {
  const [head = "", body = ""] = address.split(/,(.*)/s);
  if (/;\s*base64\s*$/i.test(head)) return Buffer.from(body, "base64").toString("utf8");
  try {
    return decodeURIComponent(body);
  } catch {
    return body;
  }
}

/** Every event's handler is longer than the words that begin with "on", but for a few. */
const HANDLER = /^on(?!(?:set|line|going|wards?|board|shore|site)$)[a-z]{3,}/;

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
