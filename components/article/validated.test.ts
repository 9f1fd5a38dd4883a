import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { testContext } from "../resource/testing/test-context.ts";
import { articleProvider } from "./article-provider.ts";
import { fingerprintArticle } from "./source/fingerprint.ts";
import { type Contents, git, writeCourse } from "./testing/trial-course.ts";

const CONFIG = { source: "folder", apiKey: "key" };

/** A course that is committed, and what the check of its creation found. */
async function checkedCourse(contents: Contents = {}, config = CONFIG) {
  const folder = mkdtempSync(join(tmpdir(), "lectern-validated-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeCourse(folder, contents);
  git(folder, "init", "--quiet", "--initial-branch=main", "--template=");
  git(folder, "add", "-A");
  git(folder, "commit", "--quiet", "--message=Begin");
  const { article } = await fingerprintArticle(folder, "course");
  const wanted = {
    kind: "course",
    slug: "bell",
    title: "Bell states",
    folder,
    fingerprint: article?.fingerprint ?? "",
    ledger: "run",
  };
  const run = testContext(config);
  const { inputs, failures } = await articleProvider.check({ kind: "course" }, wanted, run);
  return { folder, wanted, inputs, failures, reports: run.reports };
}

test("content in which the checks found nothing is not read again until it changes", async () => {
  const { folder, wanted, inputs, failures } = await checkedCourse();
  expect(failures).toEqual([]);
  expect(inputs["validatedBy"]).toMatch(/^[0-9a-f]{16}$/);
  rmSync(folder, { recursive: true });
  const again = await articleProvider.check(inputs, wanted, testContext(CONFIG));
  expect(again).toEqual({ inputs, failures: [] });
  const changed = await articleProvider.check(
    inputs,
    { ...wanted, title: "x", fingerprint: "y" },
    testContext(CONFIG),
  );
  expect(changed.failures).not.toEqual([]);
});

test("content is checked again by other rules, against other kernels, and where settings would be sent", async () => {
  const { folder, wanted, inputs } = await checkedCourse();
  rmSync(folder, { recursive: true });
  const stricter = { ...CONFIG, rules: JSON.stringify({ missingImages: "warning" }) };
  const others = [
    articleProvider.check(inputs, wanted, testContext(stricter)),
    articleProvider.check(inputs, { ...wanted, declaredKernels: ["Qubits"] }, testContext(CONFIG)),
    articleProvider.check(inputs, { ...wanted, titlePrefix: "[staging] " }, testContext(CONFIG)),
  ];
  for (const again of await Promise.all(others)) expect(again.inputs).not.toHaveProperty("validatedBy");
});

test("content that is warned about is checked in every run, and warned about in each", async () => {
  const rules = { ...CONFIG, rules: JSON.stringify({ missingImages: "warning" }) };
  const contents = { text: "A picture\\n![none](missing.png)" };
  const { wanted, inputs, failures, reports } = await checkedCourse(contents, rules);
  expect([failures, inputs["validatedBy"]]).toEqual([[], undefined]);
  const again = testContext(rules);
  await articleProvider.check(inputs, wanted, again);
  expect(again.reports).toEqual(reports);
  expect(reports.map(({ severity }) => severity)).toContain("warning");
});
