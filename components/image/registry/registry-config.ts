import { z } from "zod";
import { LecternError, type Problem } from "../../problem/problem.ts";
import type { ConfigSlice, Configured } from "../../resource/context/configured.ts";
import type { ProviderContext } from "../../resource/context/context.ts";

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

const registriesSlice = {
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
            "Base URL at which this registry is actually reached, e.g. a mirror. Default: https and the host",
          ),
      }),
    )
    .default({})
    .describe("How individual registries are reached, by host, e.g. `ghcr.io`; `docker.io` is Docker Hub"),
};

const passwordsSlice = {
  registryPasswords: z.record(host, z.string().min(1)).optional().meta({
    description:
      'Passwords or tokens by registry host, as one JSON object: {"ghcr.io": "…"}. A secret: `pulumi config set --secret lectern:registryPasswords`',
    secret: true,
  }),
};

/** The slice of a stack's configuration for how registries are reached. */
export const registryConfig = { ...registriesSlice, ...passwordsSlice };

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
 * @throws {LecternError} with every problem at once; never with a password
 */
export function readRegistries(config: ProviderContext["config"]): Registries {
  const problems: Problem[] = [];
  // Each key by itself, so that what is wrong with one hides nothing of the other.
  const read = <S extends ConfigSlice>(slice: S): Partial<Configured<S>> => {
    try {
      return config(slice);
    } catch (error) {
      if (!(error instanceof LecternError)) throw error;
      problems.push(...error.problems);
      return {};
    }
  };
  const { registries = {} } = read(registriesSlice);
  const { registryPasswords } = read(passwordsSlice);
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

/** Whether this URL stays on this machine, so that plain http exposes nothing. */
export function isLoopback(url: URL): boolean {
  return LOOPBACK.test(url.hostname);
}

function defaultEndpoint(name: string): string {
  if (name === DOCKER_HUB) return "https://registry-1.docker.io";
  return `${LOOPBACK.test(name.replace(/:\d+$/, "")) ? "http" : "https"}://${name}`;
}

/** Google's registries take a fixed username, which depends on the kind of the password. */
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
    message: `the registry ${name} has a password but no username`,
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
