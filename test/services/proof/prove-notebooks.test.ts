import { spawn } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeCell } from "../../../components/article/source/testing/articles.ts";
import type { ProofResult } from "../../../components/proof/result/proof-result.ts";
import { type GatewayFixture, startFixture } from "../gateway/gateway-fixture.ts";
import { findEnterpriseGateway, requireService } from "../require.ts";
import {
  type Cells,
  IMAGES,
  installKernel,
  labCourse,
  labKernels,
  proofsFolder,
  proveCourse,
} from "./proof-world.ts";

requireService("a Jupyter Enterprise Gateway", findEnterpriseGateway, (program) => {
  let fixture: GatewayFixture;
  beforeAll(async () => {
    fixture = await startFixture({ real: program });
    installKernel(fixture.service.specsFolder, program);
  });
  afterAll(() => fixture.stop());

  const prove = (folder: string, image: string = IMAGES.new, proofs = proofsFolder()) =>
    proveCourse(folder, image, proofs, labKernels(fixture.client));

  /** What came of one notebook on the new image. */
  async function proveOne(
    cells: Cells,
    lecture?: string,
    files?: Record<string, string>,
  ): Promise<ProofResult> {
    const { ran } = await prove(await labCourse({ "one.ipynb": cells }, lecture, files));
    expect(ran).toHaveLength(1);
    return ran[0] as ProofResult;
  }

  const noKernelIsLeft = async () => expect(await fixture.client.runningKernels()).toEqual([]);

  describe("two images that differ in a package's version", () => {
    it("fails on the new one alone, says where, runs nothing twice, and passes once it is fixed", async () => {
      const proofs = proofsFolder();
      const folder = await labCourse({
        "breaks.ipynb": ["import labkit", "x = 1\nlabkit.old()"],
        "works.ipynb": ["import labkit\nlabkit.both()"],
      });
      const before = await prove(folder, IMAGES.old, proofs);
      expect(before.ran.map(({ outcome }) => outcome)).toEqual(["passed", "passed"]);
      expect(before.ran[0]?.peakMemory).toBeGreaterThan(10_000_000);

      const { ran } = await prove(folder, IMAGES.new, proofs);
      expect(ran.map(({ notebook, outcome }) => [notebook, outcome])).toEqual([
        ["breaks.ipynb", "failed"],
        ["works.ipynb", "passed"],
      ]);
      expect(ran[0]?.cell).toEqual({ index: 1, id: "cell-1", source: "x = 1\nlabkit.old()" });
      expect(ran[0]?.traceback).toMatch(/AttributeError: module 'labkit' has no attribute 'old'$/);

      const again = await prove(folder, IMAGES.new, proofs);
      expect(again.ran).toEqual([]);
      expect(again.known.map(({ outcome }) => outcome)).toEqual(["failed", "passed"]);

      const fixed = await labCourse({
        "breaks.ipynb": ["import labkit", "x = 1\nlabkit.both()"],
        "works.ipynb": ["import labkit\nlabkit.both()"],
      });
      const { ran: now, known } = await prove(fixed, IMAGES.new, proofs);
      expect(now.map(({ notebook, outcome }) => [notebook, outcome])).toEqual([["breaks.ipynb", "passed"]]);
      expect(known.map(({ notebook }) => notebook)).toEqual(["works.ipynb"]);
      await noKernelIsLeft();
    });
  });

  it("interrupts a notebook that never ends, says where it was, and ends its kernel", async () => {
    const result = await proveOne(["x = 1", "while True:\n    pass"], "timeout: 60\ncell_timeout: 3\n");
    expect(result).toMatchObject({
      outcome: "failed",
      reason: "the cell did not end within 3 s",
      cell: { index: 1, source: "while True:\n    pass" },
    });
    expect(result.traceback).toMatch(/KeyboardInterrupt/);
    await noKernelIsLeft();
  });

  it("ends a notebook that can't be interrupted", async () => {
    const cell =
      "import time\nwhile True:\n    try:\n        time.sleep(1)\n    except KeyboardInterrupt:\n        pass";
    const result = await proveOne([cell], "timeout: 3\n");
    expect(result).toMatchObject({
      outcome: "failed",
      reason: expect.stringMatching(/did not end within 3 s/),
    });
    await noKernelIsLeft();
  });

  it("bounds the memory of a notebook", async () => {
    const result = await proveOne(
      ["parts = []\nwhile True:\n    parts.append(bytearray(10_000_000))"],
      "memory: 600M\n",
    );
    expect(result).toMatchObject({ outcome: "failed", cell: { index: 0 } });
    expect(result.traceback).toMatch(/MemoryError/);
    expect(result.peakMemory).toBeLessThan(1_000_000_000);
  });

  it("says of a notebook whose kernel ends that it ended, after a second try", async () => {
    const result = await proveOne(["import os", "os._exit(1)"]);
    expect(result).toMatchObject({ outcome: "failed", cell: { index: 1, source: "os._exit(1)" } });
    expect(result.reason).toMatch(/^the kernel ended while the cell ran: /);
    await noKernelIsLeft();
  });

  it("gives each notebook a folder of its own with its data, and leaves nothing of what it writes", async () => {
    const cells = [
      "import os\nassert sorted(os.listdir()) == ['data'], os.listdir()",
      "import csv\nassert list(csv.reader(open('data/points.csv'))) == [['1', '2']]",
      "open('large.bin', 'wb').write(bytes(5_000_000))",
    ];
    const files = { "data/points.csv": "1,2\n" };
    const folder = await labCourse(
      { "one.ipynb": cells, "two.ipynb": cells },
      "files: [data/points.csv]\n",
      files,
    );
    const { ran } = await prove(folder);
    expect(ran.map(({ outcome, traceback }) => [outcome, traceback])).toEqual([
      ["passed", undefined],
      ["passed", undefined],
    ]);
    expect(globSync("lectern-proof-*/**/large.bin", { cwd: tmpdir() })).toEqual([]);
    expect(existsSync(join(folder, "large.bin"))).toBe(false);
  });

  it("neither hangs nor keeps it where a notebook prints 100 MB", async () => {
    const result = await proveOne([
      "print('x' * 100_000_000)",
      "for _ in range(1_000):\n    print('x' * 100_000)",
      "1 + 1",
    ]);
    expect(result.outcome).toBe("passed");
    expect(JSON.stringify(result).length).toBeLessThan(100_000);
  });

  it("seeds, allows expected errors, and refuses the network where lecture.yaml says so", async () => {
    const refused = "import urllib.request\nurllib.request.urlopen('http://192.0.2.1/', timeout=5)";
    const tagged = { ...codeCell("1 / 0"), metadata: { tags: ["raises-exception"] } };
    const cells = [
      "import random\nassert random.random() == random.Random(7).random()",
      tagged,
      "[][1]",
      refused,
    ];
    const result = await proveOne(cells, "seed: 7\nnetwork: false\nerrors: {one.ipynb: [3]}\n");
    expect(result).toMatchObject({ outcome: "failed", cell: { index: 3 } });
    expect(result.traceback).toMatch(
      /lecture\.yaml has network: false, and the notebook connects to 192\.0\.2\.1/,
    );
  });

  it("compares outputs where lecture.yaml says so", async () => {
    const cell = codeCell("print(3.14)", [{ output_type: "stream", name: "stdout", text: "3.15\n" }]);
    const near = await proveOne([cell], "compare: {text: {tolerance: 0.1}}\n");
    expect(near.outcome).toBe("passed");
    const exact = await proveOne([cell], "compare: {text: {}}\n");
    expect(exact).toMatchObject({
      outcome: "failed",
      reason: "outputs are not those that the notebook was saved with",
      differences: [{ cell: { index: 0 }, kind: "text" }],
    });
  });

  it("runs no notebook again that had ended, wherever the run is killed", async () => {
    const notebooks = Object.fromEntries([1, 2, 3].map((index) => [`${index}.ipynb`, [`${index}`]]));
    const folder = await labCourse(notebooks);
    const proofs = proofsFolder();
    const ended: string[] = [];
    // Killed as soon as a notebook has ended, until a run ends by itself.
    for (let runs = 0; runs < 5; runs += 1) {
      const lines = await proveInProcess(fixture, folder, proofs);
      ended.push(...lines.filter((line) => line.endsWith(".ipynb")));
      if (lines.at(-1)?.startsWith("ran ")) break;
    }
    expect([...ended].sort()).toEqual(Object.keys(notebooks));
    expect((await prove(folder, IMAGES.new, proofs)).ran).toEqual([]);
    await noKernelIsLeft();
  });
});

/** Proves in a process that is killed at the first notebook that ends. */
async function proveInProcess(
  { service, token }: GatewayFixture,
  folder: string,
  proofs: string,
): Promise<string[]> {
  const script = join(import.meta.dirname, "fixtures", "prove-lab.ts");
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", script, service.url, folder, IMAGES.new, proofs],
    { env: { ...process.env, LAB_TOKEN: token }, stdio: ["ignore", "pipe", "inherit"] },
  );
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line.endsWith(".ipynb")) child.kill("SIGKILL");
  }
  return lines;
}
