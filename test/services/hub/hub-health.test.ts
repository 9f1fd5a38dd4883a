import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { digestOf } from "../../../components/digest.ts";
import { hubHealth } from "../../../components/hub/health/hub-health-provider.ts";
import { healthInputs, quietCluster } from "../../../components/hub/health/testing/health-run.ts";
import { systemClock } from "../../../components/resource/context/clock.ts";
import { makeContext } from "../../../components/resource/context/context.ts";
import type { Properties } from "../../../components/resource/provide.ts";
import { PartialFailure } from "../../../components/resource/provider.ts";
import { requireService } from "../require.ts";
import { findHub, type HubService, startHub } from "./jupyterhub.ts";

const USER = "lectern-health";

requireService("a JupyterHub (jupyterhub, and configurable-http-proxy of npm)", findHub, (program) => {
  let hub: HubService;
  let folder: string;
  const said: string[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lectern-hub-test-"));
    hub = await startHub(program);
  });
  afterAll(async () => {
    await hub?.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    said.length = 0;
    hub.spawnAs("ready");
  });

  /** Checks the hub. @returns the state, and the reasons of a failure */
  async function check(changes: Properties = {}, { token = hub.token, signal }: Given = {}) {
    const context = makeContext({
      raw: (key) => (key === "hubTokens" ? JSON.stringify({ "campus/staging": token }) : undefined),
      fetch: globalThis.fetch,
      clock: systemClock,
      report: ({ message }) => void said.push(message),
      run: "test",
      ...(signal ? { signal } : {}),
    });
    const inputs = healthInputs({ url: hub.url, settle: 0, limit: 60, ...changes });
    try {
      const { outs } = await hubHealth(async () => quietCluster()).create(inputs, context);
      return { state: outs, reasons: [] };
    } catch (error) {
      if (!(error instanceof PartialFailure)) throw error;
      return { state: { ...error.properties } as Properties, reasons: error.reasons };
    }
  }

  function notebook(...cells: string[]): Properties {
    const path = join(folder, "check.ipynb");
    const metadata = { kernelspec: { name: "python3" } };
    const text = JSON.stringify({
      nbformat: 4,
      metadata,
      cells: cells.map((source) => ({ cell_type: "code", source, metadata: {} })),
    });
    writeFileSync(path, text);
    return { path, digest: digestOf(text) };
  }

  const isGone = async () => expect(await hub.hasServer(USER)).toBe(false);

  it("is healthy with a server that starts and a notebook that runs, by a token with few scopes", async () => {
    const cells = ["answer = 41", "answer += 1\nprint(answer)", "assert answer == 42"];
    const { state, reasons } = await check({ notebook: notebook(...cells) });
    expect(reasons).toEqual([]);
    expect(state).toMatchObject({ healthy: true, checked: ["endpoint", "server", "notebook", "settled"] });
    expect(said.some((line) => line.includes("Server ready at /base/user/lectern-health/"))).toBe(true);
    await isGone();
  });

  it("names the cell that fails, with its traceback, and stops the server", async () => {
    const { state, reasons } = await check({ notebook: notebook("value = 1", "value / 0"), attempts: 1 });
    expect(reasons[0]).toContain("cell 2 of the notebook");
    expect(reasons[0]).toContain("ZeroDivisionError");
    expect(state).toMatchObject({ healthy: false, checked: ["endpoint", "server"] });
    await isGone();
  });

  it("is healthy though it is slow: it answers after a while, and servers start after the response", async () => {
    hub.freeze();
    const late = setTimeout(() => hub.resume(), 4_000);
    const { state } = await check();
    clearTimeout(late);
    expect(state).toMatchObject({ healthy: true });
    await isGone();
  });

  it("that does not answer in time is not healthy", async () => {
    hub.freeze();
    const { reasons } = await check({ limit: 3, attempts: 2 }).finally(() => hub.resume());
    expect(reasons[0]).toMatch(/health endpoint does not answer: .*within/);
    await isGone();
  });

  it("names why a server does not start, after all attempts", async () => {
    hub.spawnAs("fails");
    const { state, reasons } = await check({ limit: 30, attempts: 2 });
    expect(reasons[0]).toContain("the server of the test user lectern-health did not start");
    expect(said.some((line) => line.startsWith("attempt 1 of 2 failed"))).toBe(true);
    expect(state).toMatchObject({ healthy: false, checked: ["endpoint"] });
    await isGone();
  });

  it("gives up a server that is never ready at the limit, and interrupts its start", async () => {
    hub.spawnAs("never");
    const { reasons } = await check({ limit: 5 });
    expect(reasons[0]).toContain("did not start: it was not ready in time");
    await isGone();
  });

  it("starts nothing with a token that was revoked, and names the key", async () => {
    const { token, revoke } = await hub.issueToken();
    await revoke();
    const { reasons } = await check({}, { token });
    expect(reasons[0]).toMatch(/status 403.*lectern:hubTokens/);
    expect(reasons[0]).not.toContain(token);
    await isGone();
  });

  it("names the server that it can't stop where the token is revoked meanwhile", async () => {
    hub.spawnAs("never");
    const { token, revoke } = await hub.issueToken();
    const running = check({ limit: 10 }, { token });
    await expect.poll(() => hub.hasServer(USER)).toBe(true);
    await revoke();
    const { reasons } = await running;
    expect(reasons[0]).toContain("the server of the test user lectern-health could not be stopped");
    await hub.stopServer(USER);
    await isGone();
  });

  it("stops the server where the run is interrupted, while it starts and while a cell runs", async () => {
    for (const [mode, code] of [
      ["never", "1"],
      ["ready", "import time\ntime.sleep(60)"],
    ] as const) {
      hub.spawnAs(mode);
      const interruption = new AbortController();
      const running = check({ notebook: notebook(code) }, { signal: interruption.signal });
      await expect.poll(() => hub.hasServer(USER)).toBe(true);
      if (mode === "ready") {
        await expect.poll(() => said.some((line) => line.includes("Server ready"))).toBe(true);
        await pause(2_000);
      }
      interruption.abort(new Error("interrupted"));
      expect((await running).reasons).toEqual([
        "the check of the hub campus/staging was interrupted. The next deployment repeats it.",
      ]);
      await isGone();
    }
  });

  it("stops the server first that a killed run has left, and says so", async () => {
    await hub.startServer(USER);
    const { state } = await check();
    expect(state).toMatchObject({ healthy: true });
    expect(said[0]).toBe("stopping the server of lectern-health, which an earlier check has left");
    await isGone();
  });
});

interface Given {
  readonly token?: string;
  readonly signal?: AbortSignal;
}
