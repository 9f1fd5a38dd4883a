import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { LecternError } from "../../problem/problem.ts";
import { type KernelBuild, type QbraidClient, qbraidClient } from "../../qbook/kernels-api.ts";
import {
  type CustomResourceProvider,
  type Host,
  isUnknown,
  PartialFailure,
  type Properties,
} from "../../resource/provider.ts";
import { declareKernel } from "../kernel-uses.ts";
import { checkFailures, kernelName } from "../spec/kernelspec-inputs.ts";
import { readContextFiles } from "./qbraid-context.ts";

const amount = z.union([z.number().positive(), z.string().min(1)]).optional();

/** What a `QbraidKernel` custom resource is given. */
export const qbraidKernelInputs = z.object({
  name: kernelName,
  /** What courses name: their `kernelId` is exactly this. */
  displayName: z
    .string()
    .min(1)
    .max(100)
    .regex(/^(?!\s)[^\p{Cc}]*(?<!\s)$/u, "must have no control characters, and no blanks at its ends"),
  language: z.string().regex(/^\S+$/, "must be one word"),
  /** The build context. */
  folder: z.string().min(1),
  dockerfile: z.string().min(1).default("Dockerfile"),
  /** The digest of the build context: what decides whether there is anything to build. */
  digest: z.string().min(1),
  resources: z
    .strictObject({ defaultCpu: amount, defaultMemory: amount, defaultMemoryLimit: amount })
    .optional(),
  /** Seconds until a build that isn't done is given up. */
  buildLimit: z.number().positive().default(3600),
});

type QbraidKernelInputs = z.output<typeof qbraidKernelInputs>;

/** What decides whether a kernel is built again. */
const APPLIED = ["displayName", "language", "digest", "resources"] as const;

/** What a `QbraidKernel` says of itself. */
interface QbraidKernelState {
  readonly name: string;
  readonly displayName: string;
  readonly image: string;
  readonly imageUri: string;
  /** Empty where the kernel was there before. */
  readonly buildId: string;
  /** The build may still go on, or has failed. */
  readonly unfinished: boolean;
  readonly applied: Properties;
}

/** The provider of `QbraidKernel`: a kernel that qBook's own service builds and runs. */
export const qbraidKernelProvider: CustomResourceProvider = {
  async check(_olds, news, host) {
    const { displayName, folder } = news;
    if (typeof displayName === "string" && !isUnknown(displayName)) declareKernel(host.run, displayName);
    const failures = checkFailures(qbraidKernelInputs, news);
    if (typeof folder === "string" && !isUnknown(folder)) {
      const { refused } = await readContextFiles(folder, String(news["dockerfile"] ?? "Dockerfile"));
      failures.push(...refused.map((reason) => ({ property: "folder", reason })));
    }
    return { inputs: news, failures };
  },
  async diff(_id, olds, news) {
    const { name, unfinished, applied } = keptState(olds);
    const differs = APPLIED.some((key) => !isDeepStrictEqual(applied[key], news[key]));
    const renamed = news["name"] !== name;
    return { changes: unfinished || differs || renamed, replaces: renamed ? ["name"] : [] };
  },
  async create(given, host) {
    const inputs = qbraidKernelInputs.parse(given);
    const outs = await deploy(inputs, host, async (client) => {
      host.progress(`${inputs.name}: the service has a kernel of this name, and it is taken as it is`);
      return { status: "active", imageUri: (await client.listed(inputs.name))?.imageUri };
    });
    return { id: idOf(inputs), outs };
  },
  async read(id, props, host) {
    const state = keptState(props);
    if (!state.applied) return { id, props };
    const listed = await qbraidClient(host).listed(state.name);
    if (!listed && !state.unfinished) return { id: "" };
    return { id, props: { ...props, imageUri: listed?.imageUri ?? state.imageUri } };
  },
  async update(id, olds, given, host) {
    const inputs = qbraidKernelInputs.parse(given);
    const state = keptState(olds);
    const same = APPLIED.every((key) => isDeepStrictEqual(state.applied[key], inputs[key]));
    if (same && state.buildId !== "") {
      const client = qbraidClient(host);
      const build = await client.build(state.buildId);
      if (build && build.status !== "failed") {
        return { outs: await untilActive(client, inputs, state.buildId, host) };
      }
    }
    const outs = await deploy(inputs, host, () => {
      throw new LecternError({
        code: "kernel-exists",
        severity: "error",
        message: `the kernel service keeps ${inputs.name} as it was built; ${id} can't be built anew`,
        remedy: "Give the changed kernel another name, and let the courses name its display name",
      });
    });
    return { outs };
  },
  async delete(_id, props, host) {
    host.progress(
      `${String(props["name"])}: the kernel service can't remove kernels; it is only forgotten here`,
    );
  },
};

/** Starts a build and waits for it. @param exists what to do where the name is taken */
async function deploy(
  inputs: QbraidKernelInputs,
  host: Host,
  exists: (client: QbraidClient) => Promise<KernelBuild> | never,
): Promise<Properties> {
  const client = qbraidClient(host);
  const { context, refused } = await readContextFiles(inputs.folder, inputs.dockerfile);
  if (!context) throw refusedContext(inputs, refused);
  const { name, language, displayName, resources } = inputs;
  const started = await client.deploy({
    kernelName: name,
    language,
    displayName,
    dockerfile: context.dockerfile,
    ...(Object.keys(context.files).length > 0 ? { contextFiles: context.files } : {}),
    ...(resources ? { resources } : {}),
  });
  if (started === "exists") return { ...stateOf(inputs, "", await exists(client)) };
  host.progress(`${name}: the kernel service builds it (${started.buildId})`);
  return untilActive(client, inputs, started.buildId, host);
}

async function untilActive(
  client: QbraidClient,
  inputs: QbraidKernelInputs,
  buildId: string,
  { clock }: Host,
): Promise<Properties> {
  const start = clock.now();
  // From here on the build is known, and the next run continues with it.
  const unfinished = (why: string) =>
    new PartialFailure(
      idOf(inputs),
      { ...stateOf(inputs, buildId, { status: "pending" }), unfinished: true },
      [`${inputs.name}: ${why}`],
    );
  for (let pause = 1_000; ; pause = Math.min(pause * 1.5, 15_000)) {
    const build = await client.build(buildId).catch((error: unknown) => {
      throw unfinished(error instanceof Error ? error.message : String(error));
    });
    if (build?.status === "active") return { ...stateOf(inputs, buildId, build) };
    if (!build) throw unfinished(`the kernel service doesn't know the build ${buildId}`);
    if (build.status === "failed")
      throw unfinished(`the build failed: ${build.error ?? "no reason was given"}`);
    if (clock.now() - start > inputs.buildLimit * 1000) {
      throw unfinished(`the build is not done after ${inputs.buildLimit} s; the next run continues to wait`);
    }
    await clock.sleep(pause);
  }
}

function stateOf(
  inputs: QbraidKernelInputs,
  buildId: string,
  { imageUri = "" }: KernelBuild,
): QbraidKernelState {
  const given = APPLIED.filter((key) => inputs[key] !== undefined);
  const applied = Object.fromEntries(given.map((key) => [key, inputs[key]]));
  const { name, displayName } = inputs;
  return { name, displayName, image: imageUri, imageUri, buildId, unfinished: false, applied };
}

function idOf({ name }: QbraidKernelInputs): string {
  return `qbraid-kernel/${name}`;
}

/** The state as the engine kept it: only this provider wrote it. */
function keptState(props: Properties): QbraidKernelState {
  return props as QbraidKernelState;
}

function refusedContext({ name, folder }: QbraidKernelInputs, refused: readonly string[]): LecternError {
  return new LecternError(
    refused.map((reason) => ({
      code: "context-refused",
      severity: "error" as const,
      message: `kernel ${name}: ${reason}`,
      remedy: `Mend it in ${folder}, or keep the file out by .dockerignore`,
    })),
  );
}
