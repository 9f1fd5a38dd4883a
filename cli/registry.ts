import { RegistryClient } from "../components/image/registry/registry-client.ts";
import { readRegistries } from "../components/image/registry/registry-config.ts";
import { systemClock } from "../components/resource/host.ts";

/** Where the settings that a stack keeps in its configuration come from, outside of a stack. */
const VARIABLES: Readonly<Record<string, string>> = {
  registries: "LECTERN_REGISTRIES",
  registryPasswords: "LECTERN_REGISTRY_PASSWORDS",
};

/**
 * A registry client for commands that run outside of a stack: what `lectern:registries` and
 * `lectern:registryPasswords` are in a stack stands as JSON in `LECTERN_REGISTRIES` and
 * `LECTERN_REGISTRY_PASSWORDS`.
 * @throws {LecternError} where one of them is malformed
 */
export function registryFromEnvironment(): RegistryClient {
  const registries = readRegistries((key) => process.env[VARIABLES[key] ?? ""]);
  return new RegistryClient({ fetch, clock: systemClock }, registries);
}
