import { describe, expect, it } from "vitest";
import type { SelectedImages } from "../outputs/outputs.ts";
import { checkRollback, rolledBackTo } from "./rolled-back.ts";

const [OLD, NEW, DAILY] = ["a", "b", "c"].map((letter) => `sha256:${letter.repeat(64)}`) as [
  string,
  string,
  string,
];

const selection: SelectedImages = {
  repository: "docker.io/lectern/lab",
  menu: [
    { name: "Recommended (Weekly 2026_44)", tag: "w_2026_44", digest: NEW },
    { name: "Daily 2026_11_02", tag: "d_2026_11_02", digest: DAILY },
  ],
  prepull: [
    { tag: "w_2026_44", digest: NEW },
    { tag: "d_2026_11_02", digest: DAILY },
  ],
  recommended: { tag: "w_2026_44", digest: NEW },
};

describe("a rollback", () => {
  const check = (found: `sha256:${string}` | undefined) =>
    checkRollback(
      "campus/lab",
      "lectern/lab",
      { tag: "w_2026_40", digest: OLD },
      { resolve: async () => found },
    );

  it("is refused before anything is touched where the registry no longer has the image", async () => {
    await expect(check(undefined)).rejects.toThrow(
      /^lectern:images\.campus\/lab\.rollback: the alias of campus\/lab can't go back to Weekly 2026_40 \(sha256:a{12}…\)/,
    );
    await check(`sha256:${"a".repeat(64)}`);
  });
});

describe("a selection whose alias is rolled back", () => {
  it("has what the alias names at its head and ready, and the rest as it was", () => {
    const { menu, prepull, recommended } = rolledBackTo(selection, { tag: "w_2026_40", digest: OLD });
    expect(menu).toEqual([
      { name: "Recommended (Weekly 2026_40)", tag: "w_2026_40", digest: OLD },
      { name: "Weekly 2026_44", tag: "w_2026_44", digest: NEW },
      { name: "Daily 2026_11_02", tag: "d_2026_11_02", digest: DAILY },
    ]);
    expect(prepull.map(({ digest }) => digest)).toEqual([OLD, NEW, DAILY]);
    expect(recommended).toEqual(selection.recommended);
  });

  it("names each image once, also where the policy offers the older one too", () => {
    const { menu, prepull } = rolledBackTo(selection, { tag: "d_2026_11_02", digest: DAILY });
    expect(menu.map(({ digest }) => digest)).toEqual([DAILY, NEW]);
    expect(prepull).toEqual(selection.prepull);
  });

  it("shows the digest where no tag is known", () => {
    const [head] = rolledBackTo(selection, { tag: "", digest: OLD }).menu;
    expect(head).toEqual({ name: "Recommended (sha256:aaaaaaaaaaaa…)", tag: "recommended", digest: OLD });
  });
});
