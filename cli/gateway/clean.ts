import { parseRepository, type Repository } from "../../components/image/reference.ts";
import type { GatewayConfig } from "../../components/kernel/config.ts";
import { gatewayPlaceOf } from "../../components/kernel/gateway/gateway-place.ts";
import { hostAddress } from "../../components/kernel/hosts/hosts.ts";
import { engineOf } from "../../components/kernel/hosts/preflight/host-problems.ts";
import type { Transport } from "../../components/kernel/hosts/transport/transport.ts";
import { type HostImage, removeImage, unusedImages } from "../../components/kernel/hosts/unused-images.ts";
import { LecternError } from "../../components/problem/problem.ts";
import {
  type GatewayOptions,
  type GatewayWorld,
  type OpenGateway,
  onGateway,
  thisMachine,
  unconfirmed,
} from "./gateway-world.ts";

export interface CleanOptions extends GatewayOptions {
  /** Further folders of kernelspecs on the hosts, of other stacks, whose images stay. */
  readonly keep?: readonly string[];
}

/** Removes images of kernels that a gateway's hosts no longer need, after listing them. Answers the exit code. */
export function cleanGateway(
  name: string,
  { stack, yes, keep = [] }: CleanOptions,
  world: GatewayWorld = thisMachine,
): Promise<number> {
  return onGateway(name, stack, world, async (gateway) => {
    const { config, context } = gateway;
    const engine = engineOf(config.pull === "none" ? undefined : config.pull);
    if (!engine) throw noEngine(name);
    const look = (host: Transport) =>
      unusedImages(host, engine, [...foldersOf(gateway), ...keep], builtBy(gateway.raw("imageRepository")));
    const hosts = gatewayPlaceOf(name, config).hosts.map((one) => world.connect(hostAddress(one), context));
    await refuseUnknown(name, hosts, keep);
    const found = await Promise.all(hosts.map(async (host) => ({ host, images: await look(host) })));
    await refuseMissing(found, config);
    for (const { host, images } of found) {
      world.print(
        `${host.host}: ${images.length === 0 ? "nothing to remove" : "no kernel and no container uses"}`,
      );
      for (const image of images) world.print(`  ${image.name} (${image.size})`);
    }
    const count = found.reduce((sum, { images }) => sum + images.length, 0);
    if (count === 0) return 0;
    const question = `Remove ${count === 1 ? "this image" : `these ${count} images`}?`;
    const no = await unconfirmed(world, yes, question, "Nothing was removed");
    if (no !== undefined) return no;
    const failures = (
      await Promise.all(
        // A deployment may have begun to use one meanwhile.
        found.map(async ({ host, images }) => {
          const still = new Set((await look(host)).map((image) => image.name));
          return removeAll(
            host,
            engine,
            images.filter((image) => still.has(image.name)),
            world,
          );
        }),
      )
    ).flat();
    if (failures.length > 0) throw new LecternError(failures.flatMap(({ problems }) => problems));
    return 0;
  });
}

async function removeAll(
  host: Transport,
  engine: readonly [string, ...string[]],
  images: readonly HostImage[],
  world: GatewayWorld,
): Promise<LecternError[]> {
  const failures: LecternError[] = [];
  for (const image of images) {
    try {
      await removeImage(host, engine, image);
      world.print(`${host.host}: removed ${image.name}`);
    } catch (error) {
      if (!(error instanceof LecternError)) throw error;
      failures.push(error);
    }
  }
  return failures;
}

/** A folder that is misspelt would keep nothing. */
async function refuseUnknown(
  gateway: string,
  hosts: readonly Transport[],
  keep: readonly string[],
): Promise<void> {
  const found = await Promise.all(
    keep.map(async (folder) =>
      (await Promise.all(hosts.map((host) => host.list(folder)))).some((one) => one),
    ),
  );
  const unknown = keep.filter((_, at) => !found[at]);
  if (unknown.length === 0) return;
  throw new LecternError({
    code: "unknown-folder",
    severity: "error",
    path: "--keep",
    message: `no host of the gateway ${gateway} has the folder ${unknown.join(", ")}`,
    remedy: "Name the `specsFolder` of the other stack's gateway",
  });
}

/** Without the gateway's own folder, as where its disk is not mounted, no image is known to be unused. */
async function refuseMissing(
  found: readonly { host: Transport; images: readonly HostImage[] }[],
  { specsFolder }: GatewayConfig,
): Promise<void> {
  const unsure = found.filter(({ images }) => images.length > 0).map(({ host }) => host);
  const folders = await Promise.all(unsure.map((host) => host.list(specsFolder)));
  const missing = unsure.filter((_, at) => folders[at] === undefined);
  if (missing.length === 0) return;
  throw new LecternError(
    missing.map(({ host }) => ({
      code: "no-specs-folder",
      severity: "error" as const,
      message: `${host}: there is no folder ${specsFolder}, so what its kernels need is not known`,
      remedy: "Mount it there, or correct `specsFolder` of lectern:gateways",
    })),
  );
}

/** Every folder of kernelspecs of the stack, as its gateways may share hosts. */
const foldersOf = ({ gateways }: OpenGateway) => [
  ...new Set(Object.values(gateways).map(({ specsFolder }: GatewayConfig) => specsFolder)),
];

/** Whether a repository is one that the stack pushes images of kernels to, one of which may be removed by now. */
function builtBy(imageRepository: string | undefined): (repository: Repository) => boolean {
  if (imageRepository === undefined) return () => false;
  const own = parseRepository(imageRepository, { path: "lectern:imageRepository" });
  return (repository) => repository.startsWith(`${own}/`);
}

function noEngine(name: string): LecternError {
  return new LecternError({
    code: "no-engine",
    severity: "error",
    path: `lectern:gateways.${name}.pull`,
    message: `the hosts of the gateway ${name} get no images by \`docker pull\` or the like, so none can be removed there`,
    remedy: "Remove images on these hosts with the engine that has them",
  });
}
