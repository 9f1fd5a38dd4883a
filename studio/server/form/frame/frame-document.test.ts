import { createHash } from "node:crypto";
import { expect, it, test } from "vitest";
import { frameDocument } from "./frame-document.ts";

const parts = {
  title: "Options",
  style: "p { margin: 0 }",
  scripts: ["first()"],
  later: { bundle: "second()" },
  body: "<p>",
};
const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

it("lets only the scripts that it was made of run, in a place without an origin that reaches nothing", () => {
  const { policy } = frameDocument(parts);
  expect(policy.split("; ")).toEqual([
    "default-src 'none'",
    `script-src ${hashOf("first()")} ${hashOf("second()")}`,
    "style-src 'unsafe-inline'",
    "img-src data:",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
    "sandbox allow-scripts",
  ]);
});

it("has what runs later as text", () => {
  expect(frameDocument(parts).html).toContain(
    '<script type="text/plain" id="later-bundle">second()</script>',
  );
});

test.each(["a</script>b", "a<!--b"])("a script that would end its element is refused: %s", (script) => {
  expect(() => frameDocument({ ...parts, scripts: [script] })).toThrow("it contains a tag");
});
