import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe } from "vitest";
import type { LoginOptions } from "../../../sandbox/services/registry/login.ts";
import { startRegistry } from "../../../sandbox/services/registry/registry.ts";
import { type RegistryUnderTest, registryContract } from "./registry-contract.ts";

const USER = { username: "promoter", password: "of-this-test-alone" };

describe("the stand-in registry", () => {
  describe("for everybody", () => registryContract(() => start()));
  describe("with tokens", () => registryContract(() => start({ scheme: "bearer", ...USER })));
  describe("with a password", () => registryContract(() => start({ scheme: "basic", ...USER })));
});

async function start(login?: LoginOptions): Promise<RegistryUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), "lectern-registry-"));
  const registry = await startRegistry({ folder, ...(login ? { login } : {}) });
  return {
    host: registry.host,
    ...(login ? USER : {}),
    stop: async () => {
      await registry.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
