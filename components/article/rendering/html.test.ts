import fc from "fast-check";
import { type DefaultTreeAdapterTypes, parseFragment } from "parse5";
import { describe, expect, it } from "vitest";
import { isVisible, safeHtml } from "./html.ts";

const PLACE = { level: 2, image: (source: string) => `/image/${source}` };
const safe = (source: string) => safeHtml(source, PLACE);

/** What a browser could act on in a document: elements, attributes and addresses. */
function activeIn(nodes: readonly DefaultTreeAdapterTypes.ChildNode[]): string[] {
  return nodes.flatMap((node) => {
    if (!("tagName" in node)) return [];
    const { tagName, attrs, childNodes } = node;
    const own =
      /^(script|style|iframe|object|embed|form|input|button|base|meta|link|template|use|a[a-z]*imate\w*|set)$/.test(
        tagName,
      );
    const attributes = attrs.filter(
      ({ name, value }) =>
        /^on|^(srcdoc|action|formaction|srcset|ping|target|autofocus)$/i.test(name) ||
        (/href|src|data/i.test(name) && /^[\s\p{Cc}]*(javascript|data|vbscript):/iu.test(value)) ||
        /url\(/i.test(value),
    );
    return [
      ...(own ? [tagName] : []),
      ...attributes.map(({ name }) => `${tagName} ${name}`),
      ...activeIn(childNodes),
    ];
  });
}

const ATTACKS = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<IMG SRC=x OnError=alert(1)>",
  "<svg onload=alert(1)><script>alert(1)</script><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
  "<svg><animate attributeName=href values=javascript:alert(1)></svg>",
  "<a href=' java\tscript:alert(1)'>x</a>",
  "<a href='&#106;avascript:alert(1)'>x</a>",
  "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
  "<iframe src='javascript:alert(1)' srcdoc='<script>alert(1)</script>'></iframe>",
  "<xmp><script>alert(1)</script></xmp>",
  "<plaintext><script>alert(1)</script>",
  "<noembed><img src=x onerror=alert(1)></noembed>",
  "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
  "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
  "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
  "<math href='javascript:alert(1)'><mi>x</mi></math>",
  "<template><script>alert(1)</script></template>",
  "<form action='https://example.org'><input autofocus onfocus=alert(1)><button formaction=x>x</button></form>",
  "<p style='background: url(https://example.org/a)'>x</p><p style='position: fixed'>x</p>",
  "<base href='https://example.org'><meta http-equiv=refresh content='0;url=https://example.org'>",
  "<link rel=stylesheet href=x><style>p { color: red }</style>",
  "<object data='javascript:alert(1)'></object><embed src='data:text/html,x'>",
];

describe("HTML of an author", () => {
  it.each(ATTACKS)("%s can't act", (attack) => {
    const written = safe(`before ${attack} after`);
    expect(activeIn(parseFragment(written).childNodes)).toEqual([]);
    expect(written).toContain("before");
  });

  it("can't act however it is put together", () => {
    const piece = fc.oneof(
      fc.constantFrom(...ATTACKS),
      fc.string(),
      fc.constantFrom("<table>", "</p>", "<svg>", "<b>", "<!--"),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const written = safe(pieces.join(""));
        const again = parseFragment(written).childNodes;
        expect(activeIn(again)).toEqual([]);
      }),
    );
  });

  it("leaves the page's own elements and names alone", () => {
    expect(safe("</main></body><h1 id=content>A</h1><p id=lesson-0>b</p><p id=mine>c")).toBe(
      '<h3>A</h3><p>b</p><p id="mine">c</p>',
    );
  });

  it("keeps text and structure, and the text of an element that it does not know", () => {
    const given = '<p align="center">H<sub>2</sub>O<br><kbd>x</kbd> <a href="#mine">a</a></p>';
    expect(safe(given)).toBe(given);
    expect(safe("<blink>seen</blink><!-- not seen -->")).toBe("seen");
  });

  it("has a link for what would be loaded from elsewhere", () => {
    expect(safe("<video><source src='https://a.example/f.mp4?a=1&b=2'></video>")).toBe(
      '<p><a href="https://a.example/f.mp4?a=1&amp;b=2">Embedded: https://a.example/f.mp4?a=1&amp;b=2</a></p>',
    );
  });

  it.each([
    ["<div id=plot></div>", false],
    [" \n", false],
    ["<p>x</p>", true],
    ["<img src=x>", true],
  ])("%j is visible: %j", (source, visible) => expect(isVisible(safe(source))).toBe(visible));
});
