import { mkdtemp, rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { RegistryClient } from "../../../components/image/registry/registry-client.ts";
import { readRegistries } from "../../../components/image/registry/registry-config.ts";
import type { Clock } from "../../../components/resource/context/clock.ts";
import { configReader } from "../../../components/resource/context/configured.ts";
import type { LoginOptions } from "../../../sandbox/services/registry/login.ts";
import { type RegistryStandIn, startRegistry } from "../../../sandbox/services/registry/registry.ts";
import { type Service, serve } from "../../../sandbox/services/server.ts";

/** How long the client of the test that is running has waited, in milliseconds. */
export let slept: number[];
let now: number;
let folders: string[] = [];
let services: { stop(): Promise<void> }[] = [];

/** Time passes only in a sleep and in {@link letPass}. */
const clock: Clock = {
  now: () => now,
  sleep: async (milliseconds) => {
    slept.push(milliseconds);
    now += milliseconds;
  },
};

export const letPass = (milliseconds: number) => {
  now += milliseconds;
};

/** Ends after each test of a file what it has started. */
export function registriesOfEachTest(): void {
  beforeEach(() => {
    now = Date.now();
    slept = [];
  });
  afterEach(async () => {
    await Promise.all(services.map((service) => service.stop()));
    await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
    folders = [];
    services = [];
  });
}

export async function standIn(login?: LoginOptions): Promise<RegistryStandIn> {
  const folder = await mkdtemp(join(tmpdir(), "lectern-registry-"));
  folders.push(folder);
  const registry = await startRegistry({ folder, ...(login ? { login } : {}) });
  services.push(registry);
  return registry;
}

/** A registry that answers as the test wants. */
export async function custom(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Service> {
  const service = await serve(handler);
  services.push(service);
  return service;
}

export function client(config: Record<string, unknown> = {}): RegistryClient {
  const raw = (key: string) => (key in config ? JSON.stringify(config[key]) : undefined);
  return new RegistryClient({ fetch, clock }, readRegistries(configReader(raw)));
}
