import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, test } from "vitest";

/** Where `install.sh` puts what it doesn't install as a package. */
const CACHE = join(import.meta.dirname, "../../.cache/services");

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

/** The OpenSSH server's program. It has to be started by its absolute path. */
export const findSshd = () => program("sshd", ["/usr/sbin", "/usr/local/sbin", "/usr/libexec"]);

/** `jupyter-enterprisegateway`: `LECTERN_EG` first, then the one of `install.sh`, then the PATH. */
export function findEnterpriseGateway(): string | undefined {
  const named = process.env.LECTERN_EG;
  if (named) return named;
  return program("jupyter-enterprisegateway", [join(CACHE, "eg/bin")]);
}

/** The Docker registry's program, as Debian's package names it. */
export const findDockerRegistry = () => program("docker-registry", []);

/** The etcd server's program. */
export const findEtcd = () => program("etcd", []);

/** A program in one of the folders, else on the PATH. */
export function program(name: string, folders: readonly string[]): string | undefined {
  const path = (process.env.PATH ?? "").split(delimiter);
  return [...folders, ...path].map((folder) => join(folder, name)).find(executable);
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
