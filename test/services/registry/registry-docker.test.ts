import { describe } from "vitest";
import { findDockerRegistry, requireService } from "../require.ts";
import { startDockerRegistry } from "./docker-registry.ts";
import { registryContract } from "./registry-contract.ts";
import { startTokenService } from "./registry-tokens.ts";

const USERNAME = "promoter";
const PASSWORD = "of-this-test-alone";
/** `htpasswd -B` of the password above. */
const HASH = "$2b$05$abcdefghijklmnopqrstuut4HodFOfA0mXfFckO/FlKteTezRC4.S";

requireService("a Docker registry (docker-registry)", findDockerRegistry, (program) => {
  describe("for everybody", () => registryContract(() => startDockerRegistry(program)));

  describe("with a password", () =>
    registryContract(async () => {
      const registry = await startDockerRegistry(program, { htpasswd: `${USERNAME}:${HASH}` });
      return { ...registry, username: USERNAME, password: PASSWORD };
    }));

  describe("with tokens", () =>
    registryContract(async () => {
      const tokens = await startTokenService(USERNAME, PASSWORD);
      const registry = await startDockerRegistry(program, { tokens });
      const stop = async () => {
        await registry.stop();
        await tokens.stop();
      };
      return { host: registry.host, username: USERNAME, password: PASSWORD, stop };
    }));
});
