import { z } from "zod";
import { LecternError, type Problem } from "../../problem/problem.ts";
import { zodProblems } from "../../problem/zod.ts";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const DOCKER_HUB = "docker.io";

const host = z
  .string()
  .regex(
    /^[A-Za-z0-9.-]+(:\d{1,5})?$|^\[[0-9a-fA-F:]+\](:\d{1,5})?$/,
    "expected a registry's host, such as ghcr.io",
  );

const endpoint = z
  .url({ protocol: /^https?$/ })
  .refine((url) => url.startsWith("https:") || LOOPBACK.test(new URL(url).hostname), {
    error: "plain http is for registries on this machine only",
  });

/** The slice of a stack's configuration that says how registries are reached. */
export const registryConfig = {
  registries: z
    .record(
      host,
      z.strictObject({
        username: z
          .string()
          .min(1)
          .optional()
          .describe(
            "Who logs in. Default, where a password is set: what Google's registries expect, else the password is refused",
          ),
        endpoint: endpoint
          .optional()
          .describe(
            "Base URL where this registry is really reached, e.g. a mirror. Default: https and the host",
          ),
      }),
    )
    .default({})
    .describe("How single registries are reached, by host, e.g. `ghcr.io`; `docker.io` is Docker Hub"),
  registryPasswords: z.record(host, z.string().min(1)).optional().meta({
    description:
      'Passwords or tokens by registry host, as one JSON object: {"ghcr.io": "…"}. A secret: `pulumi config set --secret lectern:registryPasswords`',
    secret: true,
  }),
};

interface Credentials {
  readonly username: string;
  /** A secret: it goes into the Authorization header, and nowhere else. */
  readonly password: string;
}

/** Where and as whom a registry is reached. */
export interface Registry {
  readonly host: string;
  /** Without a path's trailing slash; `/v2/…` follows. */
  readonly base: string;
  readonly credentials?: Credentials;
}

/** Finds the way to the registry with that host name. */
export type Registries = (host: string) => Registry;

/**
 * The registries of a stack, from its configuration.
 * @param config a value of `lectern:<key>`, objects as JSON text
 * @throws {LecternError} with every problem at once; never with a password
 */
export function readRegistries(config: (key: string) => string | undefined): Registries {
  const problems: Problem[] = [];
  const read = <T>(key: keyof typeof registryConfig, schema: z.ZodType<T>): T | undefined => {
    const parsed = z.object({ value: schema }).safeParse({ value: json(config(key)) });
    if (parsed.success) return parsed.data.value;
    const path = ([, ...rest]: readonly PropertyKey[]) => [`lectern:${key}`, ...rest].join(".");
    problems.push(...zodProblems(parsed.error, { path }));
    return undefined;
  };
  const registries = read("registries", registryConfig.registries) ?? {};
  const registryPasswords = read("registryPasswords", registryConfig.registryPasswords);
  return registriesOf({ registries, registryPasswords }, problems);
}

/** The registries' part of a stack's configuration, once it is parsed. */
export interface RegistrySettings {
  readonly registries: z.output<typeof registryConfig.registries>;
  readonly registryPasswords?: z.output<typeof registryConfig.registryPasswords>;
}

/**
 * The registries of a stack, from its parsed configuration.
 * @param earlier problems of the configuration that were found before
 * @throws {LecternError} with every problem at once; never with a password
 */
export function registriesOf(
  { registries, registryPasswords = {} }: RegistrySettings,
  earlier: readonly Problem[] = [],
): Registries {
  const settings = byHost(registries);
  const passwords = byHost(registryPasswords);
  const found = new Map(
    [...passwords].map(([name, password]) => [
      name,
      credentialsOf(name, password, settings.get(name)?.username),
    ]),
  );
  const nameless = [...found].flatMap(([name, credentials]) => (credentials ? [] : [missingUsername(name)]));
  const problems = [...earlier, ...nameless];
  if (problems.length > 0) throw new LecternError(problems);
  return (name) => {
    const credentials = found.get(name);
    const base = settings.get(name)?.endpoint?.replace(/\/+$/, "") ?? defaultEndpoint(name);
    return { host: name, base, ...(credentials ? { credentials } : {}) };
  };
}

/** Whether this URL stays on this machine, so that plain http shows nothing to anybody. */
export function isLoopback(url: URL): boolean {
  return LOOPBACK.test(url.hostname);
}

function defaultEndpoint(name: string): string {
  if (name === DOCKER_HUB) return "https://registry-1.docker.io";
  return `${LOOPBACK.test(name.replace(/:\d+$/, "")) ? "http" : "https"}://${name}`;
}

/** Google's registries take a fixed word for the user: which one depends on what the password is. */
function credentialsOf(
  name: string,
  password: string,
  username: string | undefined,
): Credentials | undefined {
  if (username !== undefined) return { username, password };
  if (!/(^|\.)(gcr\.io|pkg\.dev)$/.test(name)) return undefined;
  return { username: password.trimStart().startsWith("{") ? "_json_key" : "oauth2accesstoken", password };
}

function missingUsername(name: string): Problem {
  return {
    code: "missing-username",
    severity: "error",
    path: `lectern:registries.${name}.username`,
    message: `there is a password for the registry ${name}, and nobody whose it is`,
    remedy: `Set it: \`pulumi config set --path 'lectern:registries["${name}"].username' NAME\``,
  };
}

function byHost<T>(values: Readonly<Record<string, T>>): Map<string, T> {
  return new Map(
    Object.entries(values).map(([name, value]) => [
      ["index.docker.io", "registry-1.docker.io"].includes(name) ? DOCKER_HUB : name.toLowerCase(),
      value,
    ]),
  );
}

/** What is not JSON stays text, which the schema then refuses. */
function json(text: string | undefined): unknown {
  if (text === undefined || text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
