import { accessSync, constants, globSync } from "node:fs";
import { delimiter, join } from "node:path";

/** Where `install.sh` puts what it doesn't install as a package. */
const CACHE = join(import.meta.dirname, "../../.cache/services");

/** The OpenSSH server's program. It has to be started by its absolute path. */
export const findSshd = () => program("sshd", ["/usr/sbin", "/usr/local/sbin", "/usr/libexec"]);

/** `jupyter-enterprisegateway`: `LECTERN_EG` first, then the one of `install.sh`, then the PATH. */
export function findEnterpriseGateway(): string | undefined {
  const named = process.env.LECTERN_EG;
  if (named) return named;
  return program("jupyter-enterprisegateway", [join(CACHE, "eg/bin")]);
}

/** `jupyterhub`: the one of `install.sh`, then the PATH. */
export const findJupyterHub = () => program("jupyterhub", [join(CACHE, "jupyterhub/bin")]);

/** A Python that has KubeSpawner and jupyterhub-fancy-profiles: the one of `install.sh`. */
export const findKubeSpawner = () => pythonWith(join(CACHE, "jupyterhub"), "kubespawner");

/** A Python that has nbclient, as the images of hubs have it: that of Enterprise Gateway's environment. */
export const findNbclient = () => pythonWith(join(CACHE, "eg"), "nbclient");

/** The Docker registry's program, as Debian's package names it. */
export const findDockerRegistry = () => program("docker-registry", []);

/** The etcd server's program. */
export const findEtcd = () => program("etcd", []);

/** Helm's command: the one of `install.sh`, then the PATH. */
export const findHelm = () => program("helm", [join(CACHE, "helm")]);

/** sops, with age-keygen beside it. */
export const findSops = () => program("sops", [join(CACHE, "sops")]);

/** A browser that speaks Chromium's protocol. */
export const findChromium = () => program("chromium", ["/usr/bin"]);

/** The Python of an environment that has a package. */
function pythonWith(environment: string, name: string): string | undefined {
  const [found] = globSync(`lib/python*/site-packages/${name}`, { cwd: environment });
  return found === undefined ? undefined : program("python", [join(environment, "bin")]);
}

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
