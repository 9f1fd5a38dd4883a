import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { registryFromEnvironment } from "../../../cli/hub/registry.ts";
import { RegistryClient } from "../../../components/image/registry/registry-client.ts";
import { registriesOf } from "../../../components/image/registry/registry-config.ts";
import { jsonOf } from "../../../components/problem/json.ts";
import type { Clock } from "../../../components/resource/context/clock.ts";

/** Docker's own file of logins. */
const configSchema = z.object({
  auths: z.record(z.string(), z.object({ auth: z.string().optional() })).default({}),
  credHelpers: z.record(z.string(), z.string()).default({}),
  credsStore: z.string().optional(),
});

interface Login {
  readonly username: string;
  readonly password: string;
}

/** Milliseconds that a credential helper may take. */
const PATIENCE = 10_000;
/** Docker Hub has two names. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  "docker.io": ["https://index.docker.io/v1/", "index.docker.io", "docker.io"],
};

/**
 * A client for a registry: with what `LECTERN_REGISTRIES` says where it is set, else with the login that Docker has for the
 * registry, else without one.
 * @param host such as `ghcr.io`
 */
export async function registryFor(
  host: string,
  clock: Clock,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<RegistryClient> {
  if (environment["LECTERN_REGISTRIES"] || environment["LECTERN_REGISTRY_PASSWORDS"])
    return registryFromEnvironment();
  const login = await dockerLogin(host, environment);
  const settings = login
    ? { registries: { [host]: { username: login.username } }, registryPasswords: { [host]: login.password } }
    : { registries: {} };
  return new RegistryClient({ fetch, clock }, registriesOf(settings));
}

/** The login that Docker keeps for a registry: in its file, or with a helper. */
export async function dockerLogin(host: string, environment: NodeJS.ProcessEnv): Promise<Login | undefined> {
  const folder = environment["DOCKER_CONFIG"] || join(homedir(), ".docker");
  const text = await readFile(join(folder, "config.json"), "utf8").catch(() => "{}");
  const parsed = configSchema.safeParse(jsonOf(text));
  if (!parsed.success) return undefined;
  const { auths, credHelpers, credsStore } = parsed.data;
  const names = ALIASES[host] ?? [host, `https://${host}`];
  for (const name of names) {
    const kept = loginOf(auths[name]?.auth);
    if (kept) return kept;
    const helper = credHelpers[name] ?? (name in auths ? credsStore : undefined);
    const found = helper === undefined ? undefined : await fromHelper(helper, name, environment);
    if (found) return found;
  }
  return undefined;
}

/** `name:password` in base64. */
function loginOf(auth: string | undefined): Login | undefined {
  const [, username, password] = /^([^:]+):(.+)$/s.exec(Buffer.from(auth ?? "", "base64").toString()) ?? [];
  return username && password ? { username, password } : undefined;
}

const helperAnswer = z.object({ Username: z.string().min(1), Secret: z.string().min(1) });

/** A helper is a program that gets a registry's name and answers with its login. */
function fromHelper(helper: string, name: string, env: NodeJS.ProcessEnv): Promise<Login | undefined> {
  if (!/^[\w-]+$/.test(helper)) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const child = execFile(
      `docker-credential-${helper}`,
      ["get"],
      { env, timeout: PATIENCE },
      (_error, out) => {
        const { data } = helperAnswer.safeParse(jsonOf(out));
        resolve(data ? { username: data.Username, password: data.Secret } : undefined);
      },
    );
    child.stdin?.on("error", () => undefined).end(name);
  });
}
