import { describe, expect, test } from "vitest";

export {
  findChromium,
  findDockerRegistry,
  findEnterpriseGateway,
  findEtcd,
  findHelm,
  findJupyterHub,
  findKubeSpawner,
  findNbclient,
  findSops,
  findSshd,
  program,
} from "./programs.ts";

/** Milliseconds that a browser waits for what a test expects, however busy the machine is. */
export const PATIENCE = 100_000;

/**
 * A suite that needs a real service. Where the service is missing, one test is skipped and says why;
 * under `LECTERN_REQUIRE_SERVICES=1` it fails instead.
 * @param name what is needed, for the reader: `an SSH server (sshd)`
 * @param find where it is, undefined where it isn't
 */
export function requireService<T>(
  name: string,
  find: () => T | undefined,
  suite: (service: T) => void,
): void {
  const service = find();
  if (service !== undefined) return void describe(`with ${name}`, () => suite(service));
  const reason = `${name} is missing: test/services/install.sh installs it`;
  if (process.env.LECTERN_REQUIRE_SERVICES === "1") {
    test(`with ${name}`, () => expect.fail(reason));
  } else {
    test.skip(`with ${name} (skipped: ${reason})`, () => {});
  }
}
