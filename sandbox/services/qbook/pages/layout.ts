import { escaped } from "../../../../components/html.ts";

/** A page of the stand-in, without its frame. */
export interface Page {
  /** For the browser's tab, as text. */
  readonly title: string;
  /** What the page shows; the browser loads it again when this changes. */
  readonly version: string;
  /** Renders what is between the page's head and its foot, as HTML. */
  readonly main: () => string;
}

/** The HTML document of a page: its landmarks, and a way back. */
export function htmlDocument({ title, version, main }: Page): string {
  return `<!doctype html>
<html lang="en" data-version="${escaped(version)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/katex/katex.min.css">
<link rel="stylesheet" href="/assets/page.css">
<script src="/assets/live.js" defer></script>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><nav aria-label="Site"><a href="/">All articles</a></nav></header>
<main id="content">
${main()}
</main>
<footer><p>A stand-in for qBook on this machine. qBook itself shows articles in its own design.</p></footer>
</body>
</html>
`;
}
