import { expect, test } from "vitest";
import { outputLines } from "./outputs.ts";

const DIGEST = `sha256:${"ab".repeat(32)}`;

test("articles come first, digests are short, and what is for machines is named in one line", () => {
  const lines = outputLines({
    aliases: { "campus/lab": { tag: "w_2026_10", digest: DIGEST } },
    articles: {
      "course/bell": { title: "Bell states", url: "https://qbook/learn/bell", fingerprint: DIGEST },
    },
    images: { "campus/lab": [DIGEST] },
    kernels: {},
    profiles: { campus: [{ slug: "small" }] },
  });
  expect(lines.map((line) => line.trim().replaceAll(/\s{2,}/g, " | "))).toEqual([
    "",
    "Articles",
    "Title | URL",
    "course/bell | Bell states | https://qbook/learn/bell",
    "",
    "Aliases",
    "Tag | Digest",
    "campus/lab | w_2026_10 | sha256:abababababab…",
    "",
    "Also in the outputs (--json): images of campus/lab; profiles of campus",
  ]);
});

test("a value alone is a line of its own", () => {
  expect(outputLines({ note: "as if staging had passed" })).toEqual(["", "Note: as if staging had passed"]);
});
