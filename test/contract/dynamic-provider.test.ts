import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { fingerprintArticle } from "../../components/article/source/fingerprint.ts";

import { writeCourse } from "../../components/article/testing/trial-course.ts";
import { shimText } from "../../components/resource/shim.ts";
import {
  type DynamicProvider,
  startDynamicProvider,
} from "../../sandbox/engine/provider/dynamic-provider.ts";
import type { PropertyMap } from "../../sandbox/engine/value/values.ts";
import { type Qbook, startQbook } from "../../sandbox/services/qbook/qbook.ts";

const PROJECT_ROOT = join(import.meta.dirname, "..", "..");
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const API_KEY = "canary-of-the-contract";

let folder: string;
let course: string;
let qbook: Qbook;
let provider: DynamicProvider;
const printed: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lectern-contract-"));
  course = join(folder, "courses", "bell");
  mkdirSync(course, { recursive: true });
  writeCourse(course);
  execFileSync("git", ["init", "--quiet", folder]);
  qbook = await startQbook({ folder: join(folder, "qbook"), apiKey: API_KEY, latency: 0 });
  provider = await start();
});

const start = () =>
  startDynamicProvider({
    projectRoot: PROJECT_ROOT,
    project: "lectern",
    stack: "contract",
    config: {
      "lectern:apiUrl": qbook.url,
      "lectern:apiKey": API_KEY,
      "lectern:source": "folder",
      "lectern:pollInterval": "2",
      "lectern:settleTime": "0.01",
    },
    onLog: ({ message }) => printed.push(message),
    onWarning: (text) => printed.push(text),
  });

afterAll(async () => {
  await provider?.close?.();
  await qbook?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const resource = (kind: string) => ({
  urn: `urn:pulumi:contract::lectern::pulumi-nodejs:dynamic/lectern:${kind}::bell`,
  type: `pulumi-nodejs:dynamic/lectern:${kind}`,
  name: "bell",
  provider: {},
  shown: {},
  progress: () => undefined,
});

async function inputs(): Promise<PropertyMap> {
  const { article } = await fingerprintArticle(course, "course");
  if (!article) throw new Error("the course can't be read");
  const { kind, slug, title, fingerprint, parts } = article;
  return { __provider: shimText("Article"), kind, slug, title, folder: course, fingerprint, parts };
}

it("keeps in the state a short text that never changes", () => {
  expect(shimText("Article")).toBe(
    'exports.handler=()=>process.getBuiltinModule("node:module").createRequire(process.cwd()+"/package.json")("lectern/registry").shim("Article")',
  );
});

it("answers to the text that version 0.1.0 kept in the state", async () => {
  const file = join(import.meta.dirname, "fixtures/provider-text-0.1.0.txt");
  const wanted = { ...(await inputs()), __provider: readFileSync(file, "utf8") };
  const missing = { ...wanted, folder: join(folder, "nowhere") };
  const refused = await provider.check?.(resource("Article"), {}, missing);
  expect(refused?.failures?.length).toBeGreaterThan(0);
  const accepted = await provider.check?.(resource("Article"), {}, wanted);
  expect(accepted).toMatchObject({ failures: [], inputs: { __provider: wanted.__provider } });
});

it("takes an article through check, create, diff, update, read and delete over the SDK's own process", async () => {
  const article = resource("Article");
  const planned = { ...(await inputs()), ledger: UNKNOWN };
  const missing = { ...planned, folder: join(folder, "nowhere") };
  const refused = await provider.check?.(article, {}, missing);
  expect(refused?.failures?.length).toBeGreaterThan(0);
  const preview = await provider.check?.(article, {}, planned);
  expect(preview?.failures).toEqual([]);
  expect(qbook.articles()).toEqual([]);

  const ledgerInputs = { __provider: shimText("ArticleLedger"), article: "course/bell" };
  const ledger = await provider.create(resource("ArticleLedger"), ledgerInputs);
  const wanted = { ...planned, ledger: ledger.outs["token"] ?? "" };
  const created = await provider.create(article, wanted);
  expect(created).toMatchObject({
    id: "course/bell",
    outs: { state: "processed", __provider: shimText("Article") },
  });
  expect(await provider.diff?.(article, created.id, created.outs, wanted)).toMatchObject({ changes: false });

  writeCourse(course, { text: "Three qubits" });
  const changed = { ...(await inputs()), ledger: ledger.outs["token"] ?? "" };
  expect(await provider.diff?.(article, created.id, created.outs, changed)).toMatchObject({
    changes: true,
    replaces: [],
  });
  const updated = await provider.update?.(article, created.id, created.outs, changed);
  expect(updated?.outs).toMatchObject({ state: "processed", customId: created.outs["customId"] });
  expect(qbook.articles()).toHaveLength(1);

  const read = await provider.read?.(article, created.id, updated?.outs ?? {}, changed);
  expect(read).toMatchObject({ id: "course/bell", props: { customId: created.outs["customId"] } });
  await provider.delete?.(article, created.id, updated?.outs ?? {});
  expect(JSON.stringify([created, updated, read, printed])).not.toContain(API_KEY);
});

it("survives an interruption: it still replies, and asks qBook nothing any more", async () => {
  const interrupted = await start();
  interrupted.interrupt();
  const word = { __provider: shimText("ArticleLedger"), article: "course/bell" };
  const created = interrupted.create(resource("ArticleLedger"), word);
  await expect(created).rejects.toThrow("interrupted");
  const checked = await interrupted.check?.(resource("Article"), {}, await inputs());
  expect(checked?.failures).toEqual([]);
  await interrupted.close?.();
});
