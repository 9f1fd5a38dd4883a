import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, expect, it, vi } from "vitest";
import {
  chapter,
  codeCell,
  course,
  notebook,
  writeArticle,
  writeFiles,
} from "../../components/article/source/testing/articles.ts";
import { kernelConfig } from "../../components/kernel/config.ts";
import { folderStore } from "../../components/proof/store/folder-store.ts";
import { type ScriptedGateway, scriptedGateway } from "../../components/proof/testing/scripted-gateway.ts";
import { configReader } from "../../components/resource/context/configured.ts";
import type { ArticleEntry } from "../catalog.ts";
import { type ArticleProofArgs, type ReadArticle, waits, whyUnproven } from "./article-proof.ts";
import { heldArticles, type KernelNow } from "./prove-articles.ts";

const IMAGE = `registry.test/lab@sha256:${"a".repeat(64)}`;
let gateway: ScriptedGateway | undefined;
afterEach(() => gateway?.stop());

/** A course with a lecture.yaml, and a notebook for each cell. */
async function aCourse(cells: readonly string[], lecture: string | undefined = ""): Promise<ArticleEntry> {
  const folder = join(dirname(await writeArticle()), "bell");
  const chapters = cells.map((_, index) => ({ ...chapter(), baseFilePath: `${index}.ipynb` }));
  await writeFiles(folder, {
    "course.json": course({ content: chapters }),
    ...Object.fromEntries(cells.map((code, index) => [`${index}.ipynb`, notebook([codeCell(code)])])),
    ...(lecture === undefined ? {} : { "lecture.yaml": lecture }),
  });
  return { id: "course/bell", kind: "course", name: "bell", folder } as ArticleEntry;
}

/** The kernel that the notebooks name, on a gateway at an address. */
function kernelAt(url: string): ReadonlyMap<string, KernelNow> {
  const gateways = JSON.stringify({
    main: { url, hosts: [{ local: true }], specsFolder: "/srv/kernels", restart: { mode: "none" } },
  });
  const config = configReader((key) => (key === "gateways" ? gateways : undefined))(kernelConfig).gateways;
  const installed = { declaration: { name: "qubits", language: "python", body: { authorizedUsers: [] } } };
  const now = { installed, gateway: { name: "main", config: config["main"] }, image: IMAGE };
  return new Map([["Qubits", now as unknown as KernelNow]]);
}

async function held(
  entry: ArticleEntry,
  { holds = true, isPreview = false, url = "", proofs = mkdtempSync(join(tmpdir(), "lectern-proofs-")) },
) {
  const place = {
    ...{ store: folderStore(proofs), gatewayToken: undefined, owner: "test", isPreview },
    unproven: () => "nobody runs it",
  };
  return (await heldArticles([{ entry, holds }], kernelAt(url), place)).get(entry.id);
}

it("holds an update whose notebook fails on the kernel's image, and runs it once", async () => {
  gateway = await scriptedGateway(IMAGE);
  const entry = await aCourse(["fine", "fails"]);
  const proofs = mkdtempSync(join(tmpdir(), "lectern-proofs-"));
  const at = { url: gateway.url, proofs };
  expect(await held(entry, { ...at, isPreview: true })).toBeUndefined();
  expect(gateway.images).toEqual([]);
  const hold = await held(entry, at);
  expect(hold).toMatchObject({
    hold: expect.stringMatching(/^course\/bell 1\.ipynb fails at cell 1 \(ValueError: no\) on registry/),
    deployed: true,
    failure: { course: "course/bell", notebook: "1.ipynb", cell: 1, others: 0 },
  });
  expect(gateway.images).toEqual([IMAGE, IMAGE]);
  expect(await held(entry, { ...at, isPreview: true })).toEqual(hold);
  expect(await held(entry, at)).toEqual(hold);
  expect(await held(entry, { ...at, holds: false })).toBeUndefined();
  expect(gateway.images).toHaveLength(2);
});

it("holds nothing where all pass, or where lecture.yaml leaves out the one that fails", async () => {
  gateway = await scriptedGateway(IMAGE);
  expect(await held(await aCourse(["fine"]), { url: gateway.url })).toBeUndefined();
  const entry = await aCourse(["fine", "fails"], "notebooks: [0.ipynb]\n");
  expect(await held(entry, { url: gateway.url })).toBeUndefined();
  expect(gateway.images).toHaveLength(2);
});

it("warns of notebooks that can't be run on their kernels, and updates the article", async () => {
  const warn = vi.spyOn(pulumi.log, "warn").mockImplementation(async () => {});
  const entry = await aCourse(["fine", "fails"]);
  const place = {
    ...{ store: folderStore(tmpdir()), gatewayToken: undefined, owner: "test", isPreview: false },
    unproven: (kernel: string) => (kernel === "Qubits" ? "nobody runs it" : undefined),
  };
  expect(await heldArticles([{ entry, holds: true }], new Map(), place)).toEqual(new Map());
  expect(warn.mock.calls).toEqual([
    ["course/bell: 0.ipynb, 1.ipynb are not proven on the kernel Qubits: nobody runs it"],
  ]);
  await heldArticles([{ entry, holds: true }], new Map(), { ...place, unproven: () => undefined });
  expect(warn).toHaveBeenCalledOnce();
  warn.mockRestore();
});

it("says why notebooks of a kernel can't be run", () => {
  const installedOn = (url?: string) =>
    new Map([
      [{ name: "main", config: { url } }, [{ declaration: { displayName: "Qubits" } }]],
    ]) as unknown as ArticleProofArgs["installed"];
  const why = (installed: ArticleProofArgs["installed"], registers: boolean, isPreview = false) =>
    whyUnproven("Qubits", { installed, registers: () => registers }, isPreview);
  expect(why(installedOn(), true)).toMatch(/^its gateway has no address\. Set lectern:gateways\.main\.url/);
  expect(why(new Map(), true)).toMatch(/^qBook's service runs it/);
  expect(why(new Map(), false)).toBe("this stack does not install it");
  expect(why(installedOn("http://gateway.test"), true)).toMatch(/could not be deployed/);
  expect(why(installedOn("http://gateway.test"), true, true)).toBeUndefined();
});

it("holds an update whose notebooks can't be run, and says why", async () => {
  const entry = await aCourse(["fine"], "timeout: long\n");
  expect((await held(entry, { url: "http://127.0.0.1:1" }))?.hold).toMatch(
    /^its notebooks could not be run: .*lecture\.yaml:1:10 timeout/,
  );
});

it.each<[string, boolean, Partial<Record<string, unknown>>]>([
  ["is updated", true, {}],
  ["stays as it is", false, { fingerprint: "sha256:new" }],
  ["is new", false, { fingerprint: undefined }],
  ["is held by another gate", false, { gate: { hold: "an exam", deployed: true } }],
  ["takes what another stack has proven", false, { provesNotebooks: false }],
  ["is in a stack that proves nothing", false, { prove: "off" }],
  ["has no lecture.yaml", false, { lecture: null }],
])("waits for its notebooks, or not, where it %s", async (_, expected, changes) => {
  const {
    fingerprint,
    gate,
    provesNotebooks = true,
    prove,
    lecture,
  } = {
    ...{ fingerprint: "sha256:old", gate: { use: {} } },
    ...changes,
  } as Record<string, unknown>;
  const folder = join(dirname(await writeArticle()), "bell");
  await writeFiles(folder, lecture === null ? { "course.json": "{}" } : { "lecture.yaml": "" });
  const args = {
    config: { prove },
    policy: { provesNotebooks, article: () => gate },
    before: new Map(fingerprint === undefined ? [] : [["course/bell", { fingerprint }]]),
  };
  const article = { entry: { id: "course/bell", folder }, contents: { fingerprint: "sha256:new" } };
  expect(waits(article as ReadArticle, args as unknown as ArticleProofArgs)).toBe(expected);
});
