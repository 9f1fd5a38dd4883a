import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ImageConfig } from "../../image/registry/registry-image.ts";
import { LecternError } from "../../problem/problem.ts";
import { baseImageProblems } from "./base-image.ts";
import { readBuildContext } from "./build-context.ts";
import { checkDockerfile } from "./dockerfile/dockerfile.ts";

let folder: string;
const asked: string[] = [];
beforeEach(() => {
  asked.length = 0;
  folder = mkdtempSync(join(tmpdir(), "lectern-base-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const KERNEL: ImageConfig = {
  user: "1000",
  env: {},
  entrypoint: [],
  command: ["/usr/local/bin/bootstrap-kernel.sh"],
  ports: ["8888/tcp"],
};

/** What is wrong with a Dockerfile by itself, and with what the registry answers. */
async function judge(text: string, answer: () => ImageConfig | undefined) {
  writeFileSync(join(folder, "Dockerfile"), text);
  const context = await readBuildContext(folder);
  const { problems, ...left } = await checkDockerfile(context);
  const registry = () => ({
    imageConfig: async (repository: string, reference: string) => {
      asked.push(`${repository} ${reference}`);
      return answer();
    },
  });
  const found = await baseImageProblems({ context, args: {}, ...left }, registry);
  return { alone: problems.map(({ severity, code }) => `${severity} ${code}`), found };
}

test("a kernel's image can be extended without its user, command and port", async () => {
  const { alone, found } = await judge("FROM lab/kernel:2\nRUN pip install x", () => KERNEL);
  expect(alone).toEqual(["warning no-user", "warning no-command", "warning no-port"]);
  expect(found).toEqual([]);
  expect(asked).toEqual(["docker.io/lab/kernel 2"]);
});

test("an image that starts no kernel can't, and what it runs is shown", async () => {
  const { found } = await judge("FROM lab/kernel:2\nRUN x", () => ({
    ...KERNEL,
    user: "",
    command: ["bash"],
  }));
  expect(found).toMatchObject([
    { severity: "error", code: "runs-as-root", file: join(folder, "Dockerfile"), line: 1 },
    { severity: "error", code: "no-command", message: expect.stringContaining('lab/kernel:2 runs "bash"') },
  ]);
});

test("where the registry does not have it, or can't be asked, the user must be written", async () => {
  const text = 'FROM lab/kernel:2\nEXPOSE 1\nCMD ["bootstrap-kernel.sh"]';
  const { found } = await judge(text, () => undefined);
  expect(found).toMatchObject([{ severity: "error", code: "no-user" }]);
  expect(found[0]?.message).toMatch(/unless lab\/kernel:2 does, and its registry has no such image/);
  const refused = await judge(text, () => {
    throw new LecternError({ code: "x", severity: "error", message: "no access", remedy: "Log in" });
  });
  expect(refused.found[0]?.message).toContain("can't be read: no access");
});

test("a Dockerfile that sets all three asks no registry", async () => {
  const { alone, found } = await judge(
    'FROM lab/kernel:2\nUSER 1000\nEXPOSE 1\nCMD ["bootstrap-kernel.sh"]',
    () => KERNEL,
  );
  expect([alone, found, asked]).toEqual([[], [], []]);
});
