import { escaped } from "../components/html.ts";

/** A page in one file. */
export interface HtmlFile {
  readonly title: string;
  /** Its content security policy, a constant: what it does not allow can't be loaded, wherever the file is opened. */
  readonly policy: string;
  readonly style: string;
  /** What is between its body's tags, as HTML. */
  readonly body: string;
}

/** The document of a page in one file, for light and dark, on every screen. */
export const htmlFile = ({ title, policy, style, body }: HtmlFile): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
</body>
</html>
`;
