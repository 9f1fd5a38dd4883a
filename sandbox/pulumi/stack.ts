import { copyFile, mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { startOfProcess } from "../../components/locking/process-start.ts";
import type { RunOptions } from "../engine/run.ts";
import { Crypter, folderPassphrase } from "../engine/state/crypter.ts";
import type { ResourceState } from "../engine/state/deployment.ts";
import { callCli } from "./cli.ts";
import { usePlugins } from "./own-plugins.ts";
import { findTools, type Tools } from "./tools.ts";

/** A stack on the Pulumi CLI: its files are all in one folder, and nothing is shared with other uses. */
export interface PulumiStack {
  readonly tools: Tools;
  readonly environment: NodeJS.ProcessEnv;
  /** Options that every operation takes: which stack, and where its configuration is. */
  readonly options: readonly string[];
  /** The resources in the state, secrets sealed. */
  resources(): Promise<readonly StoredResource[]>;
}

type StoredResource = Pick<ResourceState, "urn" | "outputs">;

type StackOptions = Pick<
  RunOptions,
  "projectRoot" | "project" | "stack" | "config" | "secretKeys" | "passphrase" | "stateFolder" | "plugins"
>;

/**
 * Makes the stack ready: a file backend, a home and a passphrase of its own below the state folder, the
 * configuration in a file there. The project's own files stay as they are. A lock that a run left behind
 * whose process is gone is given back by `pulumi cancel`.
 */
export async function openStack(options: StackOptions): Promise<PulumiStack> {
  const { stateFolder, project, stack } = options;
  const tools = findTools(options.projectRoot);
  const [home, backend, files] = ["home", "backend", "project"].map((name) => join(stateFolder, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [home, backend, files]) await mkdir(folder, { recursive: true });
  await usePlugins(options.plugins ?? [], { projectRoot: options.projectRoot, tools, home });
  const passphrase = options.passphrase ?? (await folderPassphrase(stateFolder, true));
  const environment = environmentOf({ tools, home, backend, passphrase });
  // `stack init` and `cancel` look for a project where they are called, and write beside it.
  await copyFile(join(options.projectRoot, "Pulumi.yaml"), join(files, "Pulumi.yaml"));
  const configFile = join(files, `Pulumi.${stack}.yaml`);
  await writeConfiguration(configFile, passphrase, options);
  const call = (...args: string[]) => callCli({ tools, environment, cwd: files }, args);
  const stateFile = join(backend, ".pulumi", "stacks", project, `${stack}.json`);
  if ((await readState(stateFile)) === undefined) await call("stack", "init", "--stack", stack);
  if (await isLockedByTheDead(join(backend, ".pulumi", "locks", "organization", project, stack))) {
    await call("cancel", "--yes", "--stack", stack);
  }
  return {
    tools,
    environment,
    options: ["--stack", stack, "--config-file", configFile],
    resources: async () => (await readState(stateFile)) ?? [],
  };
}

interface Surroundings {
  readonly tools: Tools;
  readonly home: string;
  readonly backend: string;
  readonly passphrase: string;
}

function environmentOf({ tools, home, backend, passphrase }: Surroundings): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PATH: tools.path,
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${backend}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // Without it the CLI has no --event-log.
    PULUMI_DEBUG_COMMANDS: "true",
    NO_COLOR: "1",
  };
}

/** Writes the configuration as `pulumi config set` would, its secrets encrypted. */
async function writeConfiguration(file: string, passphrase: string, options: StackOptions): Promise<void> {
  const { config, secretKeys = [] } = options;
  const known = (parse(await readFile(file, "utf8").catch(() => "")) ?? {}) as { encryptionsalt?: string };
  const existing = known.encryptionsalt
    ? { type: "passphrase" as const, state: { salt: known.encryptionsalt } }
    : undefined;
  const crypter = await Crypter.open(passphrase, file, existing);
  const values = Object.entries(config).map(([key, value]) => [
    key,
    secretKeys.includes(key) ? { secure: crypter.encrypt(value) } : value,
  ]);
  const document = { encryptionsalt: crypter.provider.state?.salt, config: Object.fromEntries(values) };
  await writeFile(`${file}.tmp`, stringify(document), { mode: 0o600 });
  await rename(`${file}.tmp`, file);
}

/** The resources of a state in a file backend; undefined where there is no such stack. */
async function readState(file: string): Promise<readonly StoredResource[] | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const { checkpoint } = JSON.parse(text) as {
    checkpoint?: { latest?: { resources?: readonly StoredResource[] } };
  };
  return checkpoint?.latest?.resources ?? [];
}

/** Whether all who hold the stack's locks were processes of this machine that are gone. */
async function isLockedByTheDead(folder: string): Promise<boolean> {
  const files = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".json"));
  const dead = await Promise.all(
    files.map(async (name) => {
      const lock = JSON.parse(await readFile(join(folder, name), "utf8")) as {
        pid: number;
        hostname: string;
      };
      return lock.hostname === hostname() && (await startOfProcess(lock.pid)) === undefined;
    }),
  );
  return dead.length > 0 && dead.every((gone) => gone);
}
