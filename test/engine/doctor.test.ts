import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { checkMachine } from "../../cli/doctor/checks/machine.ts";
import { checkStaging } from "../../cli/doctor/checks/stack.ts";
import { readStackSettings } from "../../cli/doctor/checks/stack-settings.ts";
import { thisWorld, type World } from "../../cli/doctor/world.ts";
import { configSchema } from "../../stacks/config.ts";
import { requireService } from "../services/require.ts";
import { findPulumi } from "./programs.ts";
import { LECTERN, Pulumi } from "./pulumi.ts";

requireService("the Pulumi CLI", findPulumi, (cli) => {
  let folder: string;
  let pulumi: Pulumi;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lectern-doctor-"));
    pulumi = new Pulumi({ cli, folder, ...LECTERN });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** The doctor as it runs in the test's project, with the CLI's environment. */
  const world = (more: NodeJS.ProcessEnv = {}): World => ({
    ...thisWorld(pulumi.project),
    run: (program, ...args) =>
      new Promise((resolve) => {
        const options = { cwd: pulumi.project, env: { ...pulumi.environment, ...more } };
        execFile(program === "pulumi" ? cli : program, args, options, (error, stdout, stderr) =>
          resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr }),
        );
      }),
  });

  it("reads a stack's configuration with its secrets, and finds the CLI and its plugins", async () => {
    await pulumi.init("staging");
    const config = {
      "lectern:apiKey": "canary",
      "lectern:gateway": "main",
      "lectern:articles": '{"course/a":{"customId":"a-1"}}',
    };
    await pulumi.configure("staging", config, ["lectern:apiKey"]);
    const { raw, secretKeys, findings } = await readStackSettings(world(), "staging");
    expect(raw).toEqual(config);
    expect([...secretKeys]).toEqual(["lectern:apiKey"]);
    expect(findings).toEqual([
      { state: "passed", message: expect.stringMatching(/^the stack staging exists/) },
    ]);
    const machine = await checkMachine(world(), ["kubernetes"]);
    expect(machine.map(({ state, message }) => `${state}: ${message}`)).toEqual([
      expect.stringMatching(/^passed: Node /),
      expect.stringMatching(/^passed: Pulumi \d+\./),
      expect.stringMatching(/^(passed|skipped): plugin kubernetes \d/),
    ]);
  });

  it("says what a stack that can't be read needs", async () => {
    expect((await readStackSettings(world(), "staging")).findings).toEqual([
      { state: "failed", message: expect.stringMatching(/no stack named/), fix: "pulumi stack init staging" },
    ]);
    await pulumi.init("staging");
    await pulumi.configure("staging", { "lectern:apiKey": "canary" }, ["lectern:apiKey"]);
    const locked = world({ PULUMI_CONFIG_PASSPHRASE: "another", PULUMI_CONFIG_PASSPHRASE_FILE: "" });
    expect((await readStackSettings(locked, "staging")).findings).toEqual([
      {
        state: "failed",
        message: expect.stringMatching(/passphrase/),
        fix: expect.stringMatching(/PULUMI_CONFIG_PASSPHRASE/),
      },
    ]);
  });

  it("finds the staging that prod takes from, or reports that it is missing", async () => {
    const config = configSchema.parse({});
    expect(await checkStaging(world(), "prod", config)).toMatchObject([
      { state: "failed", fix: "pulumi up --stack staging" },
    ]);
    await pulumi.init("staging");
    expect(await checkStaging(world(), "prod", config)).toMatchObject([{ state: "passed" }]);
  });
});
