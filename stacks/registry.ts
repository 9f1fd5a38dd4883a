import * as pulumi from "@pulumi/pulumi";
import { RegistryClient } from "../components/image/registry/registry-client.ts";
import { readRegistries } from "../components/image/registry/registry-config.ts";
import { systemClock } from "../components/resource/host.ts";

let client: RegistryClient | undefined;

/** Asks registries as the stack's configuration says; made when it is first needed. */
export function registry(): RegistryClient {
  const raw = pulumi.runtime.allConfig();
  client ??= new RegistryClient(
    { fetch, clock: systemClock },
    readRegistries((key) => raw[`lectern:${key}`]),
  );
  return client;
}
