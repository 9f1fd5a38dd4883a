import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import {
  aliasRegistry,
  check,
  type Deployed,
  lab,
  lines,
  named,
  of,
  places,
  registry,
  run,
  wanted,
} from "../../../test/services/registry/registry-alias.ts";
import {
  chapter,
  codeCell,
  course,
  notebook,
  PIXEL,
  writeArticle,
} from "../../article/source/testing/articles.ts";
import { PlayedCluster, type PlayedPod, ran, reportLog } from "../../proof/testing/played-cluster.ts";
import type { Properties } from "../../resource/provide.ts";
import { imageAliasProviderOver } from "./image-alias-provider.ts";

aliasRegistry();

const FAILS = { cells: [ran(1, { traceback: "Traceback\nNameError: name 'np' is not defined" })] };
const PASSES = { cells: [ran(1)] };

let cluster: PlayedCluster;
let provider: ReturnType<typeof imageAliasProviderOver>;
let folder: string;
let before: string | undefined;

beforeEach(async () => {
  before = process.env["LECTERN_PROOFS"];
  folder = await mkdtemp(join(tmpdir(), "lectern-proofs-"));
  process.env["LECTERN_PROOFS"] = folder;
  play((key) => ({ log: reportLog(key, FAILS) }));
});
afterEach(async () => {
  if (before === undefined) delete process.env["LECTERN_PROOFS"];
  else process.env["LECTERN_PROOFS"] = before;
  await rm(folder, { recursive: true, force: true });
});

function play(pod: (key: string) => PlayedPod) {
  cluster = new PlayedCluster(pod);
  provider = imageAliasProviderOver(async () => cluster);
}

/** A course of one notebook. */
const lecture = (code: string) =>
  writeArticle({
    "course.json": course({
      content: [chapter({ chapterNumber: 1, chapterName: "One", baseFilePath: "one.ipynb" })],
    }),
    "logo.png": PIXEL,
    "one.ipynb": notebook([codeCell(code)]),
  });

const proof = (course: string, mode: "warn" | "require" = "require"): Properties => ({
  proof: {
    mode,
    entry: "campus/lab",
    courses: [{ id: "course/qaoa", folder: course }],
    hub: { cluster: "campus", namespace: "staging" },
  },
});

async function deployed(
  last: Deployed | undefined,
  change: Properties,
): Promise<Deployed & { changed: boolean }> {
  const context = run();
  if (!last) {
    const inputs = await check({}, wanted(change), context);
    return { inputs, outs: (await provider.create(inputs, context)).outs, changed: true };
  }
  const { inputs } = await provider.check(last.inputs, wanted(change), context);
  const { changes } = await provider.diff("id", last.outs, inputs, context);
  if (!changes) return { ...last, changed: false };
  return { inputs, outs: (await provider.update("id", last.outs, inputs, context)).outs, changed: true };
}

const reason =
  /^course\/qaoa one\.ipynb fails at cell 1 \(NameError: name 'np' is not defined\) on .*\/lectern\/lab@sha256:/;

it("holds an alias while a notebook fails on the new image, and moves it once that is fixed", async () => {
  const change = proof(await lecture("np.zeros(3)"));
  const held = await deployed(undefined, change);
  expect(named()).toBe(of("w_2026_40"));
  expect(held.outs).toMatchObject({
    digest: of("w_2026_40"),
    held: { reason: expect.stringMatching(reason) },
  });
  expect(places(held.outs)[lab()]).toMatchObject({ applied: of("w_2026_40"), rolledBack: false });

  const again = await deployed(held, change);
  expect(again.changed).toBe(false);
  expect(cluster.steps.filter((step) => step.includes("create suspended"))).toHaveLength(1);

  play((key) => ({ log: reportLog(key, PASSES) }));
  const fixed = await deployed(again, proof(await lecture("import numpy as np")));
  expect(named()).toBe(of("w_2026_44"));
  expect(fixed.outs).toMatchObject({ digest: of("w_2026_44"), previous: of("w_2026_40") });
  expect(fixed.outs["held"]).toBeUndefined();
}, 120_000);

it("only warns where the stack says so", async () => {
  await deployed(undefined, proof(await lecture("np.zeros(3)"), "warn"));
  expect(named()).toBe(of("w_2026_44"));
  expect(lines.join("\n")).toMatch(/NameError.*lectern:prove is warn, so recommended is moved/);
});

it("runs nothing for a rollback, nor where the alias stays", async () => {
  const first = await deployed(undefined, {});
  const change = proof(await lecture("np.zeros(3)"));
  expect((await deployed(first, change)).changed).toBe(false);
  await deployed(first, { ...change, rollback: true });
  expect(named()).toBe(of("w_2026_40"));
  expect(cluster.steps).toEqual([]);
});

it("moves an alias back where somebody else moved it, though a notebook would fail by now", async () => {
  const first = await deployed(undefined, {});
  registry.store.tag("lectern/lab", { recommended: of("r1_0_0") });
  const change = proof(await lecture("np.zeros(3)"));
  expect((await deployed(first, change)).outs["held"]).toBeUndefined();
  expect(named()).toBe(of("w_2026_44"));
  expect(cluster.steps).toEqual([]);
});

it.each(["r1_0_0", "w_2026_44"])(
  "moves a held alias back from %s, to which somebody else moved it",
  async (tag) => {
    const change = proof(await lecture("np.zeros(3)"));
    const held = await deployed(undefined, change);
    registry.store.tag("lectern/lab", { recommended: of(tag) });
    const again = await deployed(held, change);
    expect(again).toMatchObject({ changed: true, outs: { digest: of("w_2026_40") } });
    expect(lines.join("\n")).toMatch(
      /lab:recommended was moved by somebody else .*: it is moved back to sha256:/,
    );
    expect(named()).toBe(of("w_2026_40"));
    expect(again.outs["held"]).toEqual(held.outs["held"]);
    expect((await deployed(again, change)).changed).toBe(false);
    expect(cluster.steps.filter((step) => step.includes("create suspended"))).toHaveLength(1);
  },
  120_000,
);

it("says in a preview how many notebooks are to run, and then what is known of them", async () => {
  const change = proof(await lecture("np.zeros(3)"));
  await check({}, wanted(change), run());
  expect(lines.join("\n")).toMatch(/1 of 1 notebooks are to run on .*\/lectern\/lab@sha256:/);
  await deployed(undefined, change);
  await check({}, wanted(change), run());
  expect(lines.join("\n")).toMatch(/recommended stays where it is: course\/qaoa one\.ipynb fails at cell 1/);
});

it("does not move an alias where its notebooks could not be run, unless failures only warn", async () => {
  const waiting = { waiting: { reason: "ImagePullBackOff", message: "not found" } };
  const container = { name: "notebook", image: "", imageID: "", ready: false, restartCount: 0 };
  const states = [{ phase: "Pending", containerStatuses: [{ ...container, state: waiting }] }];
  play(() => ({ states }));
  const folder = await lecture("np.zeros(3)");
  await expect(deployed(undefined, proof(folder))).rejects.toThrow(
    /course\/qaoa one\.ipynb can't be run on .* in the namespace staging of the cluster campus: the image can't be pulled: not found/,
  );
  expect(named()).toBe(of("w_2026_40"));
  await deployed(undefined, proof(folder, "warn"));
  expect(named()).toBe(of("w_2026_44"));
  expect(cluster.jobs.size).toBe(0);
});
