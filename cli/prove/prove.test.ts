import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, it } from "vitest";
import {
  chapter,
  codeCell,
  course,
  notebook,
  PIXEL,
  writeArticle,
  writeFiles,
} from "../../components/article/source/testing/articles.ts";
import { kernelConfig } from "../../components/kernel/config.ts";
import { folderStore } from "../../components/proof/store/folder-store.ts";
import { type ScriptedGateway, scriptedGateway } from "../../components/proof/testing/scripted-gateway.ts";
import { systemClock } from "../../components/resource/context/clock.ts";
import { configReader } from "../../components/resource/context/configured.ts";
import { testContext } from "../../components/resource/testing/test-context.ts";
import { type ProveOptions, prove } from "./prove.ts";

const IMAGE = `registry.test/lab@sha256:${"a".repeat(64)}`;
let stop = () => {};
afterEach(() => stop());

async function gateway(image = IMAGE): Promise<ScriptedGateway> {
  const started = await scriptedGateway(image);
  stop = started.stop;
  return started;
}

async function catalog(
  cells: Readonly<Record<string, string>> = { good: "fine", bad: "fails" },
): Promise<string> {
  const root = join(dirname(await writeArticle()), "catalog");
  for (const [name, code] of Object.entries(cells))
    await writeFiles(join(root, "courses", name), {
      "course.json": course({ content: [chapter()] }),
      "one.ipynb": notebook([codeCell(code)]),
      "logo.png": PIXEL,
    });
  await writeFiles(join(root, "kernels", "qubits"), {
    "kernel.yaml": "display_name: Qubits\nlanguage: python\nimage: lectern/qubits:2026.1\n",
  });
  return root;
}

async function run(
  courses: readonly string[],
  folder: string,
  url: string,
  options: Partial<ProveOptions> = {},
  proofs = mkdtempSync(join(tmpdir(), "lectern-proofs-")),
  signal = new AbortController().signal,
) {
  const out: string[] = [];
  const err: string[] = [];
  const gateways = JSON.stringify({
    main: { url, hosts: [{ local: true }], specsFolder: "/srv/kernels", restart: { mode: "none" } },
  });
  const config = configReader((key) => (key === "gateways" ? gateways : undefined))(kernelConfig);
  const place = async () => ({
    config,
    context: testContext({}, { clock: systemClock, signal }),
    store: folderStore(proofs),
    owner: "test",
    close: async () => {},
  });
  const printer = { out: (line: string) => void out.push(line), err: (line: string) => void err.push(line) };
  const code = await prove(courses, { parallel: 2, catalog: folder, ...options }, printer, place);
  return { code, out: out.join("\n"), err: err.join("\n"), proofs };
}

it("runs every notebook on its kernel's image, says what failed where, and knows it the next time", async () => {
  const { url, images } = await gateway();
  const folder = await catalog();
  const first = await run([], folder, url);
  expect(first.code).toBe(3);
  expect(first.out).toMatch(/^2 notebooks: 2 to run on /);
  expect(first.out).toMatch(/✓ course\/good {2}one\.ipynb {2}/);
  expect(first.out).toMatch(/✗ course\/bad {2}one\.ipynb .*\n {4}cell 1: fails\n {4}ValueError: no\n/);
  expect(first.out).toMatch(/1 of 2 notebooks failed, of course\/bad \(\d+\.\d s\)$/);
  expect(images).toEqual([IMAGE, IMAGE]);

  const again = await run([], folder, url, {}, first.proofs);
  expect(again.code).toBe(3);
  expect(again.out).toMatch(/nothing to run/);
  expect(images).toHaveLength(2);
});

it("proves the courses that are named, on the image that is named, and prints one document with --json", async () => {
  const { url, images } = await gateway();
  const other = `registry.test/lab@sha256:${"b".repeat(64)}`;
  const { code, out, err } = await run(["good"], await catalog(), url, { image: other, json: true });
  expect(code).toBe(0);
  expect(images).toEqual([other]);
  expect(JSON.parse(out)).toMatchObject({
    ok: true,
    ran: 1,
    known: 0,
    skipped: [],
    results: [{ course: "course/good", notebook: "one.ipynb", image: other, outcome: "passed" }],
  });
  expect(err).toContain("✓ course/good");
});

it("exits with 1 and runs nothing where something is wrong", async () => {
  const { url, images } = await gateway("lectern/qubits:latest");
  const folder = await catalog({ good: "fine" });
  expect(await run(["god"], folder, url)).toMatchObject({
    code: 1,
    err: 'the catalog has no course or blog "god". Did you mean "good"?',
  });
  expect((await run([], folder, url)).err).toMatch(
    /the kernel qubits has the image lectern\/qubits:latest, and a proof/,
  );
  await writeFiles(join(folder, "courses", "good"), { "lecture.yaml": "timeout: long\n" });
  expect((await run([], folder, url)).err).toMatch(
    /courses\/good\/lecture\.yaml:1:10 timeout: expected number/,
  );
  expect(images).toEqual([]);
});

it("says what an interruption leaves, and exits with 1", async () => {
  const { url, images } = await gateway();
  const stopped = AbortSignal.abort(new Error("stopped by a person"));
  const { code, err } = await run(["good"], await catalog(), url, {}, undefined, stopped);
  expect(code).toBe(1);
  expect(err).toMatch(/^interrupted; the kernels that ran are ended/);
  expect(images).toEqual([]);
});
