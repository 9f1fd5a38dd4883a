import * as pulumi from "@pulumi/pulumi";
import { defineResource } from "../resource/define-resource.ts";
import type { GatewayConfig } from "./config.ts";
import { gatewayPlaceOf } from "./gateway/gateway-place.ts";
import { qbraidKernelContract } from "./qbook-service/qbraid-kernel-contract.ts";
import { bytesOf } from "./spec/file/memory.ts";
import { type KernelspecBody, type KernelspecState, kernelspecContract } from "./spec/kernelspec-contract.ts";

const Kernelspec = defineResource(kernelspecContract, ["image", "held"]);
const QbraidKernel = defineResource(qbraidKernelContract, ["image"]);

/** What every kernel has. */
interface CommonArgs {
  /** What students see, and what the `kernelId` of each notebook must match exactly. */
  readonly displayName: string;
  /** The language of its cells, as Jupyter names it: `python`. */
  readonly language: string;
}

/** What is proven before a kernel gets a new image. */
export interface KernelProof {
  /** Whether a notebook that fails is reported, or holds the image. */
  readonly mode: "warn" | "require";
  /** With their IDs, such as `course/bell-states`. */
  readonly courses: readonly { readonly id: string; readonly folder: string }[];
}

/** An image that a kernel does not get. */
export type HeldImage = NonNullable<KernelspecState["held"]>;

/** A kernel on a Jupyter Enterprise Gateway. */
interface GatewayKernelArgs extends CommonArgs {
  readonly backend?: "gateway";
  /** The image by its content: `repository@sha256:…`. */
  readonly image: pulumi.Input<string>;
  /** Everything else in its kernel.json: how it is started, its environment, its resources, its users. */
  readonly body: KernelspecBody;
  /** The gateway that it is installed on. */
  readonly gateway: { readonly name: string; readonly config: GatewayConfig };
  /** The courses whose notebooks run on a new image first, and whether a failure holds it. @default none */
  readonly proof?: KernelProof | undefined;
  /** Go back to the kernel.json before the last change, and stay there. @default false */
  readonly rollback?: boolean | undefined;
  /** Take over the kernel of that name that the hosts have already, whoever installed it. @default false */
  readonly adopt?: boolean | undefined;
  /** The articles of the stack that name this kernel; it can't be removed while there are any. */
  readonly usedBy?: readonly string[];
  /** Whether the hosts' setup commands have run; unknown in a preview that will run some. */
  readonly prepared?: pulumi.Input<boolean> | undefined;
  /** Display names that articles of the stack name and no kernel has, with those articles: who has one keeps it. */
  readonly unmet?: Readonly<Record<string, readonly string[]>>;
}

/** A kernel that qBook's own service builds and runs. */
interface QbraidKernelArgs extends CommonArgs {
  readonly backend: "qbraid";
  /** The build context's folder. */
  readonly folder: string;
  /** Relative to the context. @default Dockerfile */
  readonly dockerfile?: string;
  /** The digest of the context: what decides whether it is built. */
  readonly digest: string;
  /** As the service names them. @default the service's own */
  readonly resources?: {
    readonly defaultCpu?: number;
    readonly defaultMemory?: string;
    readonly defaultMemoryLimit?: string;
  };
}

/** What a kernel needs to be deployed: on a gateway, or by qBook's service. */
export type KernelArgs = GatewayKernelArgs | QbraidKernelArgs;

/**
 * A kernel that students start. On a gateway, a new image is tried in a smoke kernel and then patched
 * into its kernel.json, without a restart; kernels that run keep theirs.
 *
 * Not for a restart: {@link Gateway} does that, once for all kernels that are created.
 * @example
 * new Kernel("python-science", { displayName: "Python for Science", language: "python", image, body, gateway });
 */
export class Kernel extends pulumi.ComponentResource {
  /** Made when the kernel is created, kept through updates: `kernel/<name>/<uuid>`. */
  readonly registration: pulumi.Output<string>;
  readonly displayName: pulumi.Output<string>;
  /** The image that new kernels start on: `repository@sha256:…`, or as qBook's service names it. */
  readonly image: pulumi.Output<string>;
  /** The newer image that it does not get, as notebooks fail on it; undefined where there is none. */
  readonly held: pulumi.Output<HeldImage | undefined>;

  constructor(name: string, args: KernelArgs, options?: pulumi.ComponentResourceOptions) {
    super("lectern:kernel:Kernel", name, {}, options);
    const childOptions = {
      parent: this,
      ...(options?.ignoreChanges ? { ignoreChanges: options.ignoreChanges } : {}),
    };
    const kernel =
      args.backend === "qbraid"
        ? new QbraidKernel(name, qbraidKernelInputsOf(name, args), childOptions)
        : new Kernelspec(name, kernelspecInputsOf(name, args), childOptions);
    this.held = kernel instanceof Kernelspec ? kernel.held : pulumi.output(undefined);
    this.registration = kernel.id;
    this.displayName = pulumi.output(args.displayName);
    this.image = kernel.image;
    this.registerOutputs({
      registration: this.registration,
      displayName: this.displayName,
      image: this.image,
    });
  }
}

function qbraidKernelInputsOf(name: string, { backend: _, ...inputs }: QbraidKernelArgs) {
  return { name, ...inputs };
}

/** Undefined where there are none: that is so in every stack whose articles are right. */
function unmetOf({ unmet = {} }: GatewayKernelArgs): Record<string, string[]> | undefined {
  const entries = Object.entries(unmet).map(([name, articles]): [string, string[]] => [name, [...articles]]);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function pullOf({ pull, pullTimeout, freeSpace }: GatewayConfig) {
  if (pull === "none") return undefined;
  const bytes = freeSpace === undefined ? undefined : bytesOf(freeSpace);
  return { command: pull, timeout: pullTimeout, ...(bytes === undefined ? {} : { freeSpace: bytes }) };
}

function kernelspecInputsOf(name: string, args: GatewayKernelArgs) {
  const { config } = args.gateway;
  const { displayName, language, image, body } = args;
  return {
    name,
    displayName,
    language,
    image,
    body,
    gateway: gatewayPlaceOf(args.gateway.name, config),
    pull: pullOf(config),
    smoke: config.smoke,
    proof: args.proof && { mode: args.proof.mode, courses: [...args.proof.courses] },
    rollback: args.rollback ?? false,
    adopt: args.adopt || undefined,
    owner: `${pulumi.getProject()}/${pulumi.getStack()}`,
    usedBy: [...(args.usedBy ?? [])],
    unmet: unmetOf(args),
    prepared: args.prepared,
  };
}
