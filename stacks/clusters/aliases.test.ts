import * as pulumi from "@pulumi/pulumi";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { readImagesFile } from "../../components/image/selection/images-file.ts";
import { configSchema } from "../config.ts";
import type { AliasOutput, SelectedImages } from "../outputs/outputs.ts";

const digest = `sha256:${"a".repeat(64)}`;
let registered: Record<string, unknown>[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ name, inputs }) => {
        registered.push(inputs);
        return { id: name, state: { ...inputs, tag: "", digest, goesBackTo: { tag: "", digest: "" } } };
      },
      call: () => ({}),
    },
    "lectern",
    "sandbox",
  );
});
beforeEach(() => {
  registered = [];
});

/** Moves the aliases of an images.yaml, each to the tag that was selected. @returns what was registered */
async function move(
  text: string,
  selected: Record<string, Partial<SelectedImages>>,
  { config = {}, before = new Map<string, AliasOutput>(), isFrozen = false } = {},
) {
  const { Aliases } = await import("./aliases.ts");
  const aliases = new Aliases(configSchema.parse(config), before);
  const images = readImagesFile(text, "campus/images.yaml");
  const cluster = {
    name: "campus",
    folder: "campus",
    images,
    charts: new Map(),
    namedImages: [],
    nodeGroups: [],
  };
  const moved = Object.entries(selected).map(([key, part]) => {
    const all = { repository: "docker.io/a/lab", menu: [], prepull: [], ...part };
    return aliases.move(cluster, key, all, { after: [], isFrozen });
  });
  await new Promise((resolve) => pulumi.all(moved).apply(resolve));
  return registered.filter(({ source }) => source !== undefined);
}

describe("an alias of images.yaml", () => {
  it("is moved in every repository of its entry, the one that was selected from first", async () => {
    const text = "lab: {repository: [a/lab, east.example/a/lab], alias: stable}";
    expect(await move(text, { lab: { recommended: { tag: "w_2026_10", digest } } })).toMatchObject([
      { source: "docker.io/a/lab", repositories: ["docker.io/a/lab", "east.example/a/lab"] },
    ]);
  });

  it("has no input that says what the default says", async () => {
    const text = "lab: {repository: a/lab, alias: stable, policy: {immutable: [commit, date, version]}}";
    const [inputs] = await move(text, { lab: { recommended: { tag: "w_2026_10", digest } } });
    expect(inputs).not.toHaveProperty("immutable");
    expect(inputs).toMatchObject({ repositories: ["docker.io/a/lab"] });
  });

  it.each([
    ["is not rolled back", true, "c"],
    ["stays rolled back", false, "a"],
  ])("%s while an event freezes it, whatever the configuration says by now", async (_, rollback, last) => {
    const text = "lab: {repository: a/lab, alias: stable}";
    const selected = { lab: { recommended: { tag: "w_2026_10", digest } } };
    const goesBackTo = { tag: "w_2026_09", digest: `sha256:${last.repeat(64)}` };
    const before = new Map([["campus/lab", { alias: "stable", tag: "w_2026_10", digest, goesBackTo }]]);
    const config = { images: { "campus/lab": { rollback } } };
    expect(await move(text, selected, { config, before, isFrozen: true })).toMatchObject([
      { rollback: !rollback },
    ]);
    registered = [];
    expect(await move(text, selected, { config, before })).toMatchObject([{ rollback }]);
  });

  it("follows the configuration while it is frozen, where its outputs do not tell", async () => {
    const text = "lab: {repository: a/lab, alias: stable}";
    const selected = { lab: { recommended: { tag: "w_2026_10", digest } } };
    const unknown = { alias: "stable", tag: "", digest, goesBackTo: { tag: "", digest: "" } };
    const before = new Map([["campus/lab", unknown]]);
    const config = { images: { "campus/lab": { rollback: true } } };
    expect(await move(text, selected, { config, before, isFrozen: true })).toMatchObject([
      { rollback: true },
    ]);
  });

  it("is refused a target that can move, though the policy names none", async () => {
    const text = "lab: {repository: a/lab, alias: stable}";
    await expect(move(text, { lab: { recommended: { tag: "recommended", digest } } })).rejects.toThrow(
      /campus\/images\.yaml:1:\d+ lab\.policy\.recommended: the tag "recommended" may name another image/,
    );
    await expect(move(text, { lab: {} })).rejects.toThrow(/images\.yaml:1:\d+ .*has no tag to move to/);
  });

  it("is refused where another entry moves it to something else in one of its repositories", async () => {
    const text = `
lab: {repository: [a/lab, a/east], alias: stable}
east: {repository: a/east, alias: stable}
`;
    const other = `sha256:${"b".repeat(64)}`;
    await expect(
      move(text, {
        lab: { recommended: { tag: "w_2026_10", digest } },
        east: { repository: "docker.io/a/east", recommended: { tag: "w_2026_11", digest: other } },
      }),
    ).rejects.toThrow(/images\.yaml:3:\d+ east\.alias: docker\.io\/a\/east:stable would be moved to two/);
  });
});
