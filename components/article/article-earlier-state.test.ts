import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { testContext } from "../resource/testing/test-context.ts";
import { articleProvider } from "./article-provider.ts";
import { ledgerProvider } from "./creation/ledger-provider.ts";
import { fingerprintArticle } from "./source/fingerprint.ts";
import { writeCourse } from "./testing/trial-course.ts";

const parts = {
  "chapter 1 'Pairs' notebook": "sha256:b9b5eaca6d5e4d8703df7320a5e9308bd68b3686000483ebec1350feb4176cf0",
  "chapter 1 'Pairs' settings": "sha256:4eb1a5c0513a076ce2a8b0c7c09a8c074e6ef02eec11af4e2eae4753b09d594a",
  "metadata courseDescription": "sha256:ac6fba55aa476f778ba9a52be907d896d92d2b23e5be16ffdad11243b2eee39f",
  "metadata courseName": "sha256:c4fe9f8fcf1b2f43b02087f38469960cba6ddeee5050496b79caf80270719820",
  "metadata deployedTo": "sha256:4f75ba351a36345eeb384a6203a7e33645c91f0e8a5acc6a884c77e292a11d8d",
  "metadata imageLink": "sha256:f7f8334bff8777472a5b313f6418fabac03feecbee97d81760bd0400a8eea0f5",
  "metadata tags": "sha256:7c947782c3bf9e58a1c9b4144c579df5e386e1fd713d91bd966fddbd0368b07c",
  "metadata visibility": "sha256:b78532572a08261cbc0c918d293a0d4fb83b1a83e9dacef857e52efbd4b5c78b",
  "order of chapters and sections": "sha256:39edd6c356665dd29d4293d8383f33f4ac873d31aa90aa5c8d0b52c128e7de55",
};
const fingerprint = "sha256:7e767ae67c1d3d7ece2ad2465a8de15b8827ac6d7da9cac242a0c5104ac3f51f";

/** What earlier versions kept of the course that {@link writeCourse} writes: its parts three times. */
function earlierState() {
  const folder = mkdtempSync(join(tmpdir(), "lectern-earlier-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeCourse(folder);
  const wanted = {
    kind: "course",
    slug: "bell",
    folder,
    title: "Bell states",
    fingerprint,
    declaredKernels: [],
    ledger: "4f6b3a8e",
    __provider: "exports.handler = …",
  };
  const outs = {
    ...wanted,
    parts,
    state: "processed",
    customId: "bell-states-2201a590",
    url: "http://127.0.0.1:44027/learn/bell-states-2201a590",
    applied: { fingerprint, parts, commit: "e1e773fc3094ab479848312ed6321f6ffb6d7a6f" },
  };
  return { folder, wanted, inputs: { ...wanted, parts }, outs };
}

const context = () => testContext({ source: "folder", apiKey: "key" });

test("an article of an earlier version is no change, and its parts leave the inputs", async () => {
  const { wanted, inputs, outs } = earlierState();
  const run = context();
  const checked = await articleProvider.check(inputs, wanted, run);
  expect(checked).toEqual({ inputs: { ...wanted, validatedBy: expect.any(String) }, failures: [] });
  expect(await articleProvider.diff("course/bell", outs, checked.inputs, run)).toEqual({ changes: false });
});

test("an article of an earlier version keeps its fingerprint until its content changes, and then takes today's", async () => {
  const { folder, wanted: written, outs: kept } = earlierState();
  const notebook = join(folder, "pairs.ipynb");
  writeFileSync(notebook, JSON.stringify(JSON.parse(readFileSync(notebook, "utf8")), null, 4));
  const { earlierFingerprint: earlier } = await readContentsOf(folder);
  const wanted = { ...written, fingerprint: earlier };
  const outs = { ...kept, fingerprint: earlier, applied: { ...kept.applied, fingerprint: earlier } };
  const asToday = async () => {
    const { fingerprint, earlierFingerprint } = await readContentsOf(folder);
    return { ...wanted, fingerprint, earlierFingerprint };
  };
  const run = context();
  expect((await asToday()).fingerprint).not.toBe(wanted.fingerprint);
  const same = await articleProvider.check(wanted, await asToday(), run);
  expect(same).toMatchObject({ inputs: wanted, failures: [] });
  expect(same.inputs).not.toHaveProperty("earlierFingerprint");
  expect(await articleProvider.diff("course/bell", outs, same.inputs, run)).toEqual({ changes: false });

  writeCourse(folder, { text: "Changed" });
  const changed = await articleProvider.check(wanted, await asToday(), context());
  expect(changed.inputs).toMatchObject({ ...wanted, fingerprint: (await asToday()).fingerprint });
  expect(await articleProvider.diff("course/bell", outs, changed.inputs, run)).toEqual({ changes: true });
});

/** What today's program reads, without what it remembers for a run. */
async function readContentsOf(folder: string) {
  const { article } = await fingerprintArticle(folder, "course");
  return { fingerprint: article?.fingerprint, earlierFingerprint: article?.earlier.fingerprint };
}

test("an article of an earlier version that is held is no change, whatever its folder holds", async () => {
  const { folder, inputs, outs } = earlierState();
  writeCourse(folder, { text: "Later" });
  const run = context();
  const checked = await articleProvider.check(inputs, inputs, run);
  expect(checked).toEqual({ inputs, failures: [] });
  expect(await articleProvider.diff("course/bell", outs, checked.inputs, run)).toEqual({ changes: false });
  expect(run.reports).toEqual([]);
});

test("a change to an article of an earlier version names the chapter", async () => {
  const { folder, wanted, outs } = earlierState();
  writeCourse(folder, { text: "Changed" });
  const { article } = await fingerprintArticle(folder, "course");
  const run = context();
  const changed = { ...wanted, fingerprint: article?.fingerprint };
  expect(await articleProvider.diff("course/bell", outs, changed, run)).toEqual({ changes: true });
  const message = "chapter 1 'Pairs': notebook changed";
  expect(run.reports).toContainEqual({ severity: "info", resource: "course/bell", message });
});

test.each([
  { article: "course/bell", token: "4f6b3a8e" },
  { article: "course/bell", token: "4f6b3a8e", confirmAbsent: true },
])("a ledger of an earlier version is no change", async (outs) => {
  const { folder } = earlierState();
  const inputs = { ...outs, folder, fingerprint, declaredKernels: [], __provider: "exports.handler = …" };
  const run = context();
  expect(await ledgerProvider.check(inputs, inputs, run)).toEqual({ inputs, failures: [] });
  expect(await ledgerProvider.diff("ledger/course/bell", outs, inputs, run)).toEqual({ changes: false });
});
