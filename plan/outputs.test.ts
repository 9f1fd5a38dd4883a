import { expect, test } from "vitest";
import { outputLines } from "./outputs.ts";

const DIGEST = `sha256:${"ab".repeat(32)}`;

test("articles come first, digests are shortened, and outputs for machines are named in one line", () => {
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

test("an output that is not a map has its own line", () => {
  expect(outputLines({ note: "as if staging had passed" })).toEqual(["", "Note: as if staging had passed"]);
});
