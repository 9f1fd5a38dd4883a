import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LecternError } from "../components/problem/problem.ts";
import type { RawConfig } from "./configuration.ts";
import type { SandboxOptions } from "./options.ts";

/** The services that a run talks to, and the configuration that leads there. */
export interface Services {
  readonly config: RawConfig;
  /** Full names of the keys in `config` that are secrets. */
  readonly secretKeys: readonly string[];
  /** One line a service, for people: what it is and where. */
  readonly descriptions: readonly string[];
  stop(): Promise<void>;
}

/** Starts what is not given: each stand-in listens on loopback and keeps its files below `folder`. */
export async function startServices(folder: string, options: SandboxOptions): Promise<Services> {
  const qbook = options.api ? await givenApi(options.api) : await standInApi(join(folder, "qbook"));
  return {
    config: qbook.config,
    secretKeys: ["lectern:apiKey"],
    descriptions: [qbook.description],
    stop: qbook.stop,
  };
}

interface Service {
  readonly config: RawConfig;
  readonly description: string;
  stop(): Promise<void>;
}

async function standInApi(folder: string): Promise<Service> {
  const { startQbook } = await import("./services/qbook/qbook.ts");
  const apiKey = await keptSecret(folder, "api-key");
  const api = await startQbook({ folder, apiKey, port: await keptPort(folder) });
  await keepPort(folder, new URL(api.url).port);
  return {
    config: { "lectern:apiUrl": api.url, "lectern:apiKey": apiKey },
    description: `qBook     ${new URL(api.url).origin} (a stand-in)`,
    stop: () => api.stop(),
  };
}

async function givenApi(url: string): Promise<Service> {
  const problem = (message: string, remedy: string) =>
    new LecternError({ code: "usage", severity: "error", path: "--api", message, remedy });
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed)
    throw problem(`${JSON.stringify(url)} is not a URL`, "Give one such as http://127.0.0.1:8080/api/v1");
  if (!/^(127(\.\d+){3}|localhost|\[::1\])$/.test(parsed.hostname)) {
    throw problem(
      `${parsed.hostname} is not on this machine`,
      "The sandbox talks to loopback only; use `pulumi` for other APIs",
    );
  }
  const key = process.env["LECTERN_API_KEY"];
  if (!key) throw problem("there is no key for it", "Set LECTERN_API_KEY");
  return {
    config: { "lectern:apiUrl": url.replace(/\/$/, ""), "lectern:apiKey": key },
    description: `qBook     ${parsed.origin} (given with --api)`,
    stop: async () => {},
  };
}

/** A secret made once, readable by its owner alone. */
async function keptSecret(folder: string, name: string): Promise<string> {
  const file = join(folder, name);
  const known = await readFile(file, "utf8").catch(() => undefined);
  if (known) return known;
  await mkdir(folder, { recursive: true });
  const secret = randomBytes(24).toString("base64url");
  await writeFile(file, secret, { mode: 0o600 });
  return secret;
}

/** The port of the last run: links that were printed then should open now. 0 where there was none. */
async function keptPort(folder: string): Promise<number> {
  return Number(await readFile(join(folder, "port"), "utf8").catch(() => "0"));
}

async function keepPort(folder: string, port: string): Promise<void> {
  await writeFile(join(folder, "port"), port);
}
