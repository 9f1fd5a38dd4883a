import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startQbook } from "../../sandbox/services/qbook/qbook.ts";
import { callSandbox, type JsonReport, report, type SandboxCommand } from "./command.ts";
import { KERNEL, makeRepository, type Repository } from "./repository.ts";

export const API_KEY = "canary-key-4f9c2b7e";

const KERNELS = ["--config", `externalKernels=${JSON.stringify([KERNEL])}`];

/** A catalog, a stand-in API that the test watches, and the sandbox's state, all for one test. */
export interface Workplace {
  readonly repository: Repository;
  readonly api: Awaited<ReturnType<typeof startQbook>>;
  readonly state: string;
  /** The sandbox's command line against this catalog, API and state. */
  sandbox(command: string, ...args: string[]): SandboxCommand;
  /** The same with another API key. */
  sandboxWithKey(key: string, command: string, ...args: string[]): SandboxCommand;
  /** The same with `--json`, parsed. */
  json(command: string, ...args: string[]): Promise<JsonReport & { code: number | null }>;
  /** The calls that write, `POST /…`, since the last time this was asked. */
  writes(): string[];
  close(): Promise<void>;
}

export async function openWorkplace(): Promise<Workplace> {
  const folder = mkdtempSync(join(tmpdir(), "lectern-workplace-"));
  const repository = makeRepository();
  const api = await startQbook({ folder: join(folder, "qbook"), apiKey: API_KEY, latency: 50 });
  const state = join(folder, "state");
  const given = ["--api", api.url, "--state", state, "--catalog", repository.catalog, ...KERNELS];
  const sandboxWithKey = (key: string, command: string, ...args: string[]) =>
    callSandbox([command, ...given, ...args], { LECTERN_API_KEY: key });
  const sandbox = (command: string, ...args: string[]) => sandboxWithKey(API_KEY, command, ...args);
  let seen = 0;
  return {
    repository,
    api,
    state,
    sandbox,
    sandboxWithKey,
    json: async (command, ...args) => {
      const result = await sandbox(command, "--json", ...args);
      return { ...report(result), code: result.code };
    },
    writes: () => {
      const calls = api.calls();
      const fresh = calls.slice(seen);
      seen = calls.length;
      return fresh.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`);
    },
    close: async () => {
      await api.stop();
      repository.remove();
      rmSync(folder, { recursive: true });
    },
  };
}
