import { posix } from "node:path";
import { parseReference, type Repository } from "../../image/reference.ts";
import { LecternError } from "../../problem/problem.ts";
import { readKernelspec } from "../spec/file/kernelspec-patch.ts";
import type { RunResult, Transport } from "./transport/transport.ts";

/** An image on a host. */
export interface HostImage {
  /** As the host's engine names it: `lectern/python@sha256:…`. */
  readonly name: string;
  /** As the engine shows it: `1.2GB`. */
  readonly size: string;
}

type Engine = readonly [string, ...string[]];

/** What a kernelspec's folder may name an image in; a rollback goes to the older ones. */
const FILES = ["kernel.json", "kernel.json.previous", "kernel.json.older"] as const;

/**
 * Images of kernels that a host keeps and nothing needs: pulled by their digest, of a repository that a kernelspec there
 * or `repositories` has, and named by no kernelspec, by no earlier form of one, and by no container.
 * @param engine the container engine's program: `docker`, or `sudo docker`
 * @param folders every folder of kernelspecs on the host
 */
export async function unusedImages(
  host: Transport,
  engine: Engine,
  folders: readonly string[],
  repositories: (repository: Repository) => boolean,
): Promise<HostImage[]> {
  const named = (await Promise.all(folders.map((folder) => imagesNamedIn(host, folder)))).flat();
  const digests = new Set(named.map((image) => image.slice(image.indexOf("@") + 1)));
  const known = new Set(named.map((image) => referenceIn(image)?.repository));
  const inUse = new Set([...(await imagesOfContainers(host, engine)), ...(await idsOf(host, engine, named))]);
  const listed = await printed(host, engine, [
    "image",
    "ls",
    "--digests",
    "--no-trunc",
    "--format",
    "{{.Repository}} {{.Digest}} {{.Tag}} {{.ID}} {{.Size}}",
  ]);
  return listed.flatMap((line) => {
    const [repository = "", digest = "", tag, id = "", ...size] = line.split(" ");
    // One with a tag was pulled by somebody who may use it by that.
    if (tag !== "<none>" || !digest.startsWith("sha256:") || digests.has(digest)) return [];
    if (inUse.has(bareId(id))) return [];
    const image = referenceIn(`${repository}@${digest}`);
    if (!image || !(known.has(image.repository) || repositories(image.repository))) return [];
    return [{ name: `${repository}@${digest}`, size: size.join(" ") }];
  });
}

/** Removes an image from a host. The engine refuses one that a container has by now. @throws {LecternError} */
export async function removeImage(host: Transport, engine: Engine, { name }: HostImage): Promise<void> {
  await printed(host, engine, ["image", "rm", name]);
}

async function imagesNamedIn(host: Transport, folder: string): Promise<string[]> {
  const names = (await host.list(folder)) ?? [];
  const files = names.flatMap((name) => FILES.map((file) => posix.join(folder, name, file)));
  const read = await Promise.all(files.map(async (file) => imageIn(file, await host.read(file))));
  return read.flatMap((image) => image ?? []);
}

/** @throws {LecternError} where a file can't be read: what it names is not known to be unused */
function imageIn(file: string, bytes: Buffer | undefined): string | undefined {
  if (!bytes) return undefined;
  const read = readKernelspec(bytes);
  if (!read) throw unreadable(file);
  return read.image;
}

function referenceIn(text: string) {
  try {
    return parseReference(text);
  } catch {
    return undefined;
  }
}

async function imagesOfContainers(host: Transport, engine: Engine): Promise<readonly string[]> {
  const containers = await printed(host, engine, ["ps", "--all", "--quiet", "--no-trunc"]);
  if (containers.length === 0) return [];
  // One that ends meanwhile is reported by the exit code, and the others are printed all the same.
  const { stdout } = await host.run([...engine, "inspect", "--format", "{{.Image}}", ...containers]);
  return linesOf(stdout).map(bareId);
}

/**
 * The IDs of the images that the engine has under these names. An engine such as Podman may list one by the digest of
 * its platform's manifest, where a kernelspec names that of the index.
 */
async function idsOf(host: Transport, engine: Engine, names: readonly string[]): Promise<readonly string[]> {
  const references = [...new Set(names)].filter((name) => referenceIn(name) !== undefined);
  if (references.length === 0) return [];
  // One that the host does not have is reported by the exit code, and the others are printed all the same.
  const { stdout } = await host.run([...engine, "image", "inspect", "--format", "{{.Id}}", ...references]);
  return linesOf(stdout).map(bareId);
}

const bareId = (id: string) => id.replace(/^sha256:/, "");

async function printed(host: Transport, engine: Engine, args: readonly string[]): Promise<string[]> {
  const result = await host.run([...engine, ...args]);
  if (result.code !== 0) throw failed(host, engine, args, result);
  return linesOf(result.stdout);
}

const linesOf = (text: string) => text.split("\n").filter((line) => line !== "");

function failed(
  { host }: Transport,
  engine: Engine,
  args: readonly string[],
  { code, stderr }: RunResult,
): LecternError {
  const command = [...engine, ...args.slice(0, 2)].join(" ");
  return new LecternError({
    code: "engine-failed",
    severity: "error",
    message: `${host}: \`${command}\` failed with exit code ${code}: ${stderr.trim().split("\n").at(-1) ?? ""}`,
    remedy: "Check the container engine there, and that the deployment's user may use it",
  });
}

function unreadable(file: string): LecternError {
  return new LecternError({
    code: "unreadable-kernelspec",
    severity: "error",
    message: `${file} can't be parsed, so the image that it names is not known`,
    remedy: "Deploy the kernel again, or remove its folder",
  });
}
