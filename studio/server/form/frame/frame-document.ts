import { createHash } from "node:crypto";

/** A document that shows a form in a frame, with the policy that it is served with. */
export interface FrameDocument {
  readonly html: string;
  /** Its content security policy. */
  readonly policy: string;
  /** Changes with the document. */
  readonly etag: string;
}

/** What a frame's document is made of. Texts of scripts and styles are of packages that are pinned by their digests. */
interface FrameParts {
  readonly title: string;
  readonly style: string;
  /** Run at once, in this order. */
  readonly scripts: readonly string[];
  /** May run once the list is there; kept as text until then, by its key. */
  readonly later: Readonly<Record<string, string>>;
  /** HTML of the body. */
  readonly body: string;
}

/**
 * The document has no origin, and loads and reaches nothing: only scripts whose digests are named here run in it. What
 * the packages need beyond the studio's own policy, styles that scripts write, is confined to it.
 */
export function frameDocument({ title, style, scripts, later, body }: FrameParts): FrameDocument {
  const allowed = [...scripts, ...Object.values(later)].map((text) => `'sha256-${digest(text)}'`);
  const policy = [
    "default-src 'none'",
    `script-src ${allowed.join(" ")}`,
    "style-src 'unsafe-inline'",
    "img-src data:",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
    "sandbox allow-scripts",
  ].join("; ");
  const kept = Object.entries(later).map(
    ([key, text]) => `<script type="text/plain" id="later-${key}">${scriptText(text)}</script>`,
  );
  const html = [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${title}</title><style>${style.replaceAll("</style", "<\\/style")}</style></head>`,
    `<body>${body}${kept.join("")}`,
    ...scripts.map((text) => `<script>${scriptText(text)}</script>`),
    "</body></html>",
  ].join("\n");
  return { html, policy, etag: `"${digest(policy + html)}"` };
}

const digest = (text: string) => createHash("sha256").update(text).digest("base64");

/** A script as it stands in a document. @throws {Error} for one that would end its element, which none of the packages has */
function scriptText(text: string): string {
  if (/<\/script|<!--/i.test(text)) throw new Error("a script can't be in a document: it contains a tag");
  return text;
}
