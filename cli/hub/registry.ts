import { RegistryClient } from "../../components/image/registry/registry-client.ts";
import { readRegistries } from "../../components/image/registry/registry-config.ts";
import { systemClock } from "../../components/resource/context/clock.ts";
import { configReader } from "../../components/resource/context/configured.ts";

/** The environment variables that replace a stack's configuration outside of a stack. */
const VARIABLES: Readonly<Record<string, string>> = {
  registries: "LECTERN_REGISTRIES",
  registryPasswords: "LECTERN_REGISTRY_PASSWORDS",
};

/**
 * A registry client for commands that run outside of a stack: `LECTERN_REGISTRIES` and
 * `LECTERN_REGISTRY_PASSWORDS` hold, as JSON, what `lectern:registries` and `lectern:registryPasswords`
 * hold in a stack.
 * @throws {LecternError} if one of them is malformed
 */
export function registryFromEnvironment(): RegistryClient {
  // An empty variable is one that is not set.
  const config = configReader((key) => process.env[VARIABLES[key] ?? ""] || undefined);
  return new RegistryClient({ fetch, clock: systemClock }, readRegistries(config));
}
