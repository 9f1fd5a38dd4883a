import { describe } from "vitest";
import { startDockerRegistry } from "./docker-registry.ts";
import { registryContract } from "./registry-contract.ts";
import { findDockerRegistry, requireService } from "./require.ts";

const USERNAME = "promoter";
const PASSWORD = "of-this-test-alone";
/** `htpasswd -B` of the password above. */
const HASH = "$2b$05$abcdefghijklmnopqrstuut4HodFOfA0mXfFckO/FlKteTezRC4.S";

requireService("a Docker registry (docker-registry)", findDockerRegistry, (program) => {
  describe("for everybody", () => registryContract(() => startDockerRegistry(program)));

  describe("with a password", () =>
    registryContract(async () => {
      const htpasswd = { username: USERNAME, line: `${USERNAME}:${HASH}` };
      const registry = await startDockerRegistry(program, { htpasswd });
      return { ...registry, username: USERNAME, password: PASSWORD };
    }));
});
