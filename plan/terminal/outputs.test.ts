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

test("a hub is healthy where that was checked, and what is kept for the next deployment is not shown", () => {
  const chart = "hub 1.0.0";
  const lines = outputLines({
    hubs: {
      "campus/a": { chart, healthy: true, since: "" },
      "campus/b": { chart, healthy: true, since: "2026-01-01T00:00:00Z" },
      "campus/c": { chart, healthy: false, since: "" },
    },
    support: { campus: { chart: "support 1.0.0", healthy: true } },
    hubDeployments: { "campus/a": "[secret]" },
  });
  expect(lines.map((line) => line.trim().replaceAll(/\s{2,}/g, " | "))).toEqual([
    "",
    "Hubs",
    "Chart | Healthy",
    "campus/a | hub 1.0.0 | not checked",
    "campus/b | hub 1.0.0 | yes",
    "campus/c | hub 1.0.0 | no",
    "",
    "Support",
    "Chart",
    "campus | support 1.0.0",
  ]);
});
