import { z } from "zod";
import { shortImage } from "../../../image/reference.ts";
import { jsonOf } from "../../../problem/json.ts";
import type { Problem } from "../../../problem/problem.ts";
import type { Transport } from "../transport/transport.ts";
import { freeSpaceOf } from "./disk.ts";
import { engineOf, hostProblem, lastLine } from "./host-problems.ts";

const REFUSED = /unauthorized|denied|authentication required|no basic auth/i;
const UNKNOWN = /manifest unknown|no such manifest|not found/i;

/**
 * What keeps a host with Docker from pulling an image that it doesn't have: the login to its registry, or the space.
 * Other engines have no command that looks at an image in its registry without pulling it.
 * @param freeSpace the bytes that have to be free
 */
export async function imageProblems(
  host: Transport,
  image: string,
  pull: readonly string[],
  freeSpace: number,
): Promise<Problem[]> {
  const engine = engineOf(pull);
  if (engine?.at(-1)?.split("/").at(-1) !== "docker") return [];
  if ((await host.run([...engine, "image", "inspect", image])).code === 0) return [];
  const [registry, space] = await Promise.all([
    registryProblems(host, image, engine),
    spaceProblems(host, engine, freeSpace),
  ]);
  return [...registry, ...space];
}

async function registryProblems(
  host: Transport,
  image: string,
  engine: readonly [string, ...string[]],
): Promise<Problem[]> {
  const { code, stderr } = await host.run([...engine, "manifest", "inspect", image]);
  if (code === 0) return [];
  if (REFUSED.test(stderr)) {
    const registry = image.slice(0, image.indexOf("/"));
    const what = `its registry lets the deployment's user not read ${shortImage(image)}: ${lastLine(stderr)}`;
    const remedy = `Log in there once as this user: \`docker login ${registry}\``;
    return [hostProblem(host, "host-not-logged-in", what, remedy)];
  }
  if (!UNKNOWN.test(stderr) || (await mayBeInsecure(host, image, engine))) return [];
  const what = `the registry has no ${shortImage(image)}: ${lastLine(stderr)}`;
  return [hostProblem(host, "missing-image", what, "Push the image, or name one that exists")];
}

/** Of this machine itself, which Docker adds to what is configured; IPv6 since version 28. */
const LOOPBACK: ReadonlySet<string> = new Set(["127.0.0.0/8", "::1/128"]);

const registries = z.object({
  InsecureRegistryCIDRs: z.array(z.string()).nullish(),
  IndexConfigs: z.record(z.string(), z.object({ Secure: z.boolean() })).nullish(),
});

/**
 * Whether the host's engine may pull an image over plain HTTP. Docker's client, which looks at manifests, speaks HTTPS
 * only, and reports an image as missing that the engine finds.
 */
async function mayBeInsecure(
  host: Transport,
  image: string,
  engine: readonly [string, ...string[]],
): Promise<boolean> {
  const registry = image.slice(0, image.indexOf("/"));
  if (/^(?:127\.|localhost(?::|$)|\[::1\])/.test(registry)) return true;
  const { stdout } = await host.run([...engine, "info", "--format", "{{json .RegistryConfig}}"]);
  const known = registries.safeParse(jsonOf(stdout)).data;
  const networks = (known?.InsecureRegistryCIDRs ?? []).filter((network) => !LOOPBACK.has(network));
  return networks.length > 0 || known?.IndexConfigs?.[registry]?.Secure === false;
}

async function spaceProblems(
  host: Transport,
  engine: readonly [string, ...string[]],
  freeSpace: number,
): Promise<Problem[]> {
  const { code, stdout } = await host.run([...engine, "info", "--format", "{{.DockerRootDir}}"]);
  const root = stdout.trim();
  if (code !== 0 || !root.startsWith("/")) return [];
  const [space] = await freeSpaceOf(host, [root]);
  if (!space || space.free >= freeSpace) return [];
  const what = `${root}, where Docker keeps images, has ${gigabytes(space.free)} GB left, and ${gigabytes(freeSpace)} GB have to be free`;
  // `docker image prune` takes what no container has, and so the kernels that nobody runs at the moment.
  const remedy =
    "Remove images there that no kernel needs with `lectern gateway clean`, or set `freeSpace` of lectern:gateways";
  return [hostProblem(host, "host-disk-full", what, remedy)];
}

const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
