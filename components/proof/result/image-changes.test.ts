import { expect, it } from "vitest";
import { LecternError } from "../../problem/problem.ts";
import { someResult } from "../testing/some-result.ts";
import { type ImageSource, imageChanges } from "./image-changes.ts";

const [OLD, NEW] = ["a", "b"].map((digit) => `registry.test/lab@sha256:${digit.repeat(64)}`) as [
  string,
  string,
];
const failed = [
  { ...someResult("one", NEW), outcome: "failed" as const, traceback: "ImportError: scipy needs NumPy" },
];

/** A registry that tells of the old image the first, of the new one the second. */
function source(
  packages: readonly (Record<string, string> | undefined)[],
  labels: readonly Record<string, string>[] = [{}, {}],
): ImageSource {
  const index = (digest: string) => (digest === OLD.split("@")[1] ? 0 : 1);
  return {
    packages: async (_, digest) => {
      const known = packages[index(digest)];
      return known && new Map(Object.entries(known));
    },
    imageFacts: async (_, digest) => ({
      created: undefined,
      labels: labels[index(digest)] ?? {},
      layers: [],
    }),
  };
}

const changes = (asked: ImageSource, from = OLD) => imageChanges(asked, { from, to: NEW }, failed);

it("names the packages that differ, those of the traceback first", async () => {
  const lists = [
    { attrs: "1", "scipy (pypi)": "1.14.1", nose: "1.3.7" },
    { attrs: "2", "scipy (pypi)": "1.16.3" },
  ];
  expect(await changes(source(lists))).toEqual([
    "scipy (pypi) 1.14.1 → 1.16.3",
    "attrs 1 → 2",
    "nose 1.3.7 removed",
  ]);
});

it("takes versions of labels where an image has no list of packages", async () => {
  const labels = [
    { "org.opencontainers.image.version": "2025.2", other: "x" },
    { "org.opencontainers.image.version": "2026.1" },
  ];
  expect(await changes(source([{ attrs: "1" }, undefined], labels))).toEqual(["version 2025.2 → 2026.1"]);
});

it.each<[string, ImageSource, string?]>([
  ["nothing tells", source([undefined, undefined])],
  ["only one image has a list and a label", source([{ attrs: "1" }, undefined], [{ version: "1" }, {}])],
  ["the lists are the same", source([{ attrs: "1" }, { attrs: "1" }])],
  ["there was no image", source([{ attrs: "1" }, { attrs: "2" }]), ""],
])("says nothing where %s", async (_, asked, from) => {
  expect(await changes(asked, from)).toBeUndefined();
});

it("says nothing where the registry refuses to answer", async () => {
  const refused = async () => {
    throw new LecternError({ code: "registry-refused", severity: "error", message: "no", remedy: "log in" });
  };
  expect(await changes({ packages: refused, imageFacts: refused })).toBeUndefined();
});
