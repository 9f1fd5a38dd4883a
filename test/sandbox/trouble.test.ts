import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callSandbox, changesOf, report } from "./command.ts";
import { startProxy } from "./proxy.ts";
import { notebook } from "./repository.ts";
import { API_KEY, openWorkplace, type Workplace } from "./workplace.ts";

let place: Workplace;
beforeEach(async () => {
  place = await openWorkplace();
  place.repository.addCourse("bell");
  place.repository.commit();
});
afterEach(() => place.close());

/** What the state says of the course. */
const article = (): unknown => {
  const { deployment } = JSON.parse(readFileSync(stateFile(), "utf8")) as {
    deployment: { resources: { type: string; outputs: unknown }[] };
  };
  return deployment.resources.find(({ type }) => type.endsWith(":Article"))?.outputs;
};

const stateFile = () => join(place.state, "state/sandbox.json");

it("deploys to the end although its reader closes the pipe", async () => {
  const command = place.sandbox("up");
  command.child.stdout?.once("data", () => command.child.stdout?.destroy());
  const { code, stderr } = await command;
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(article()).toMatchObject({ state: "processed" });
});

describe("no network", () => {
  it("is reported and changes no state", async () => {
    await place.sandbox("up");
    place.repository.write("courses/bell/1.ipynb", notebook("# Rewritten"));
    const before = article();
    await place.api.stop();
    const up = await place.json("up");
    expect(up.code).toBe(1);
    expect(up.steps.map(({ error }) => error).join()).toMatch(/ECONNREFUSED/);
    expect(article()).toEqual(before);
  });
});

describe("a damaged state file", () => {
  const damages: Record<string, (text: string) => string> = {
    cut: (text) => text.slice(0, text.length / 2),
    "no JSON": () => "resources: none",
    empty: () => "",
  };

  it("is rejected with its path and its backup, and is not changed", async () => {
    await place.sandbox("up");
    place.repository.write("courses/bell/1.ipynb", notebook("# Rewritten"));
    await place.sandbox("up");
    const good = readFileSync(stateFile(), "utf8");
    place.writes();
    for (const [name, damage] of Object.entries(damages)) {
      const damaged = damage(good);
      writeFileSync(stateFile(), damaged);
      const up = await place.sandbox("up");
      expect(up.code, name).toBe(1);
      expect(up.stdout + up.stderr, name).toContain(stateFile());
      expect(up.stdout + up.stderr, name).toMatch(/\.bak/);
      expect(readFileSync(stateFile(), "utf8"), name).toBe(damaged);
    }
    expect(place.writes()).toEqual([]);
  });
});

describe("a secret", () => {
  it("appears neither in the state, nor in the output, nor in errors", async () => {
    const outputs = [
      await place.sandbox("up"),
      await place.sandbox("preview", "--json"),
      await place.sandbox("up", "--json"),
    ];
    place.api.setFault({ on: "replace", fault: "error-after" });
    place.repository.write("courses/bell/1.ipynb", notebook("# Rewritten"));
    outputs.push(await place.sandbox("up", "--json", "--config", "requestTimeout=2"));
    for (const { stdout, stderr } of outputs) expect(stdout + stderr).not.toContain(API_KEY);
    for (const name of readdirSync(join(place.state, "state"))) {
      const text = readFileSync(join(place.state, "state", name), "utf8");
      expect(text).not.toContain(API_KEY);
      expect(text).not.toContain(Buffer.from(API_KEY).toString("base64"));
    }
  });
});

describe("Ctrl-C", () => {
  it("shuts down: completed work is saved, and the next run continues", async () => {
    const proxy = await startProxy(place.api.url, ({ method }) => {
      if (method === "POST") process.kill(running.child.pid ?? 0, "SIGINT");
      return "pass";
    });
    const running = callSandbox(
      [
        "up",
        "--json",
        "--api",
        proxy.url,
        "--state",
        place.state,
        "--catalog",
        place.repository.catalog,
        "--config",
        'externalKernels=["Python 3 (test)"]',
      ],
      { LECTERN_API_KEY: API_KEY },
    );
    const interrupted = await running;
    await proxy.stop();
    expect(interrupted.code).toBe(1);
    expect(report(interrupted)).toMatchObject({ cancelled: true });
    expect(place.writes()).toHaveLength(1);
    const next = await place.json("up");
    expect(next.code, JSON.stringify(next)).toBe(0);
    expect(place.writes()).toEqual([]);
    expect(place.api.articles()).toHaveLength(1);
    expect(changesOf(next)).not.toContain("create Article bell");
  });
});

describe("Ctrl-C while qBook processes", () => {
  it("stops waiting, and the next run continues to wait for the same article", async () => {
    await place.sandbox("up");
    const customId = place.api.articles()[0]?.customId;
    place.repository.write("courses/bell/1.ipynb", notebook("# Rewritten"));
    place.api.setFault({ on: "status", fault: "stuck" });
    place.writes();
    const seen = place.api.calls().length;
    const running = place.sandbox("up", "--json");
    const asked = () =>
      place.api
        .calls()
        .slice(seen)
        .some(({ operation }) => operation === "status");
    await expect.poll(asked, { timeout: 60_000 }).toBe(true);
    running.child.kill("SIGINT");
    const interrupted = await running;
    expect(interrupted.code).toBe(1);
    expect(
      report(interrupted)
        .steps.map(({ error }) => error)
        .join(),
    ).toContain("interrupted");
    expect(article()).toMatchObject({ state: "processing", customId });
    expect(place.writes()).toHaveLength(1);
    place.api.setFault();
    const next = await place.json("up");
    expect(next.code, JSON.stringify(next)).toBe(0);
    expect(place.writes()).toEqual([]);
    expect(article()).toMatchObject({ state: "processed", customId });
  });
});

describe("a machine that can't run it", () => {
  it("reports a state folder that can't be made, without a trace", async () => {
    const file = join(place.state, "..", "file");
    writeFileSync(file, "");
    const result = await callSandbox(["up", "--json", "--state", join(file, "state")]);
    expect(result.code).toBe(1);
    expect(report(result).diagnostics[0]?.message).toMatch(
      /state: it can't be written: a part of the path is a file\./,
    );
    expect(result.stderr).not.toMatch(/\n\s+at /);
  });

  it("names the Node that is needed where this one can't run TypeScript", async () => {
    const result = await callSandbox(["up"], { NODE_OPTIONS: "--no-experimental-strip-types" });
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/^Lectern needs Node >=[\d.]+ with type stripping, but this is v[\d.]+\./);
    expect(result.stderr).not.toMatch(/\n\s+at /);
  });
});

describe("wrong usage", () => {
  it.each([[["upp"]], [["up", "--parallel", "none"]], [["up", "--nonsense"]]])(
    "%j exits with 2 and does nothing",
    async (args) => {
      const result = await callSandbox(args);
      expect(result.code).toBe(2);
      expect(result.stderr).not.toMatch(/\n\s+at /);
    },
  );

  it("an unknown command is named, with the nearest one", async () => {
    const { stderr } = await callSandbox(["preveiw"]);
    expect(stderr).toContain('unknown command "preveiw". Did you mean "preview"');
  });

  it("prints a document with --json", async () => {
    const result = await place.sandbox("preview", "--stack", "nope", "--json");
    expect(report(result)).toMatchObject({ ok: false, diagnostics: [{ severity: "error" }] });
  });

  it.each([[["--stack", "nope"]], [["--config", "nope"]]])("%j is wrong usage", async (args) => {
    const result = await place.sandbox("preview", ...args);
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/^--(stack|config): .*nope/);
  });

  it("rejects an API that is not on this machine", async () => {
    const result = await callSandbox(["up", "--api", "https://api.example.org", "--state", place.state], {
      LECTERN_API_KEY: "k",
    });
    expect(result.code).toBe(2);
    expect(result.stderr).toContain("not on this machine");
  });
});
