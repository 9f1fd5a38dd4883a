import { type KernelDeclaration, readKernel } from "../../components/kernel/declaration/kernel-file.ts";
import { type GatewayClient, gatewayClient } from "../../components/kernel/gateway/gateway-client.ts";
import { smokeUser } from "../../components/kernel/gateway/smoke.ts";
import { imageOf } from "../../components/kernel/spec/file/kernelspec-patch.ts";
import { LecternError } from "../../components/problem/problem.ts";
import type { Catalog } from "../../stacks/catalog.ts";
import { chooseGateway, type NamedGateway } from "../../stacks/kernels/gateways.ts";
import type { ProvingPlace } from "./proving-place.ts";

/** A kernel of the catalog on its gateway. */
export interface ProvenKernel {
  readonly declaration: KernelDeclaration;
  readonly gateway: NamedGateway;
  readonly client: GatewayClient;
  /** `repository@sha256:…` */
  readonly image: string;
  readonly username: string;
}

/**
 * The kernels of the catalog that notebooks name, with the images that their gateways have, by display name.
 * @param named the display names
 * @param image instead of theirs
 * @throws {LecternError} where a kernel is not on its gateway, or has no image that is known by its digest
 */
export async function provenKernels(
  catalog: Catalog,
  named: ReadonlySet<string>,
  { config, context }: Pick<ProvingPlace, "config" | "context">,
  image: string | undefined,
): Promise<ReadonlyMap<string, ProvenKernel>> {
  const read = await Promise.all(catalog.kernels.map(({ folder }) => readKernel(folder)));
  const wrong = read.flatMap(({ problems }) => problems).filter(({ severity }) => severity === "error");
  if (wrong.length > 0) throw new LecternError(wrong);
  const used = read.flatMap(({ kernel }) =>
    kernel?.backend === "gateway" && named.has(kernel.displayName) ? [kernel] : [],
  );
  const clients = new Map<string, GatewayClient>();
  const kernels = used.map(async (declaration): Promise<[string, ProvenKernel]> => {
    const gateway = chooseGateway(declaration, config);
    const { url, smoke } = gateway.config;
    if (url === undefined) throw noAddress(gateway.name);
    const client = clients.get(gateway.name) ?? gatewayClient({ name: gateway.name, url }, context);
    clients.set(gateway.name, client);
    const spec = await client.kernelspec(declaration.name);
    if (!spec) throw notDeployed(declaration.name, client);
    const username = smokeUser(smoke, declaration.body.authorizedUsers);
    const own = imageOf(spec.spec) ?? "";
    const on = image ?? own;
    if (!/@sha256:[0-9a-f]{64}$/.test(on)) throw notPinned(declaration.name, own);
    return [declaration.displayName, { declaration, gateway, client, image: on, username }];
  });
  return new Map(await Promise.all(kernels));
}

function noAddress(gateway: string): LecternError {
  return new LecternError({
    code: "no-gateway-url",
    severity: "error",
    path: `lectern:gateways.${gateway}.url`,
    message: `the gateway ${gateway} has no address, so no notebook can be run on it`,
    remedy: "Set the address of its API",
  });
}

function notDeployed(kernel: string, { label }: GatewayClient): LecternError {
  return new LecternError({
    code: "kernel-not-deployed",
    severity: "error",
    message: `the gateway ${label} does not have the kernel ${kernel}`,
    remedy:
      "Deploy it first, on this machine with `npm run sandbox -- up`, or name another stack with --stack",
  });
}

function notPinned(kernel: string, image: string): LecternError {
  return new LecternError({
    code: "image-without-digest",
    severity: "error",
    message: `the kernel ${kernel} has ${image === "" ? "no image" : `the image ${image}`}, and a proof is of an image that is named by its digest`,
    remedy: "Name one with --image repository@sha256:…",
  });
}
