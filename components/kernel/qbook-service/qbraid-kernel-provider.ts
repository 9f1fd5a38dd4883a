import { isDeepStrictEqual } from "node:util";
import { LecternError } from "../../problem/problem.ts";
import { qbookConnection } from "../../qbook/connection.ts";
import { type KernelBuild, type KernelsApi, kernelsApi } from "../../qbook/kernels-api.ts";
import type { ProviderContext } from "../../resource/context/context.ts";
import { type Planned, UNKNOWN } from "../../resource/contract.ts";
import { type BoundProvider, provide } from "../../resource/provide.ts";
import { PartialFailure } from "../../resource/provider.ts";
import { declareKernel } from "../kernel-uses.ts";
import { readContextFiles } from "./qbraid-context.ts";
import {
  type QbraidKernelInputs,
  type QbraidKernelState,
  qbraidKernelContract,
} from "./qbraid-kernel-contract.ts";

/** What decides whether a kernel is built again. */
const APPLIED = ["displayName", "language", "digest", "resources"] as const;

/** The provider of `QbraidKernel`: a kernel that qBook's own service builds and runs. */
export const qbraidKernelProvider: BoundProvider = provide(qbraidKernelContract, {
  async check({ displayName, folder, dockerfile }, _before, context) {
    if (displayName !== UNKNOWN) declareKernel(context, displayName);
    if (folder === UNKNOWN || dockerfile === UNKNOWN) return {};
    const { refused } = await readContextFiles(folder, dockerfile);
    return { failures: refused.map((reason) => ({ property: "folder", reason })) };
  },
  async diff(state, wanted) {
    if (wanted.name !== state.name) return { change: "replace", because: ["name"] };
    return { change: state.unfinished || !isApplied(state, wanted) ? "update" : "none" };
  },
  async create(inputs, context) {
    const state = await deploy(inputs, context, async (api) => {
      const message = "the service already has a kernel of this name, which is used as it is";
      context.report({ severity: "info", resource: inputs.name, message });
      return { status: "active", imageUri: (await api.listed(inputs.name))?.imageUri };
    });
    return { id: idOf(inputs), state };
  },
  async read(_id, state, context) {
    const listed = await kernelsApi(qbookConnection(context)).listed(state.name);
    if (!listed && !state.unfinished) return "gone";
    return { ...state, imageUri: listed?.imageUri ?? state.imageUri };
  },
  async update(id, state, inputs, context) {
    if (isApplied(state, inputs) && state.buildId !== "") {
      const api = kernelsApi(qbookConnection(context));
      const build = await api.build(state.buildId);
      if (build && build.status !== "failed") return untilActive(api, inputs, state.buildId, context);
    }
    return deploy(inputs, context, () => {
      throw new LecternError({
        code: "kernel-exists",
        severity: "error",
        message: `the kernel service can't rebuild ${inputs.name} (${id})`,
        remedy: "Give the changed kernel another name, and use its display name in the courses",
      });
    });
  },
  async delete(_id, { name }, context) {
    const message = "the kernel service can't remove kernels; the kernel is only removed from the stack";
    context.report({ severity: "info", resource: name, message });
  },
});

/** Whether the kernel was built from these inputs, or is being built from them. */
function isApplied({ applied }: QbraidKernelState, wanted: Planned<typeof qbraidKernelContract>): boolean {
  return APPLIED.every((key) => isDeepStrictEqual(applied[key], wanted[key]));
}

/** Starts a build and waits for it. @param exists what to do where the name is taken */
async function deploy(
  inputs: QbraidKernelInputs,
  context: ProviderContext,
  exists: (api: KernelsApi) => Promise<KernelBuild> | never,
): Promise<QbraidKernelState> {
  const api = kernelsApi(qbookConnection(context));
  const files = await readContextFiles(inputs.folder, inputs.dockerfile);
  if (!files.context) throw refusedContext(inputs, files.refused);
  const { dockerfile, files: contextFiles } = files.context;
  const { name, language, displayName, resources } = inputs;
  const started = await api.deploy({
    kernelName: name,
    language,
    displayName,
    dockerfile,
    ...(Object.keys(contextFiles).length > 0 ? { contextFiles } : {}),
    ...(resources ? { resources } : {}),
  });
  if (started === "exists") return stateOf(inputs, "", await exists(api));
  const message = `the kernel service is building it (${started.buildId})`;
  context.report({ severity: "info", resource: name, message });
  return untilActive(api, inputs, started.buildId, context);
}

/** @throws {PartialFailure} with the build's ID: the next run continues to wait for it, or builds again */
async function untilActive(
  api: KernelsApi,
  inputs: QbraidKernelInputs,
  buildId: string,
  context: ProviderContext,
): Promise<QbraidKernelState> {
  const pending = (why: string) => `${why}; the next run continues to wait`;
  const ask = async () => {
    const build = await api.build(buildId);
    if (!build) throw new Error(`the kernel service doesn't know the build ${buildId}`);
    if (build.status === "failed") {
      throw new Error(`the build failed: ${build.error ?? "no reason was given"}`);
    }
    return build.status === "active" ? build : undefined;
  };
  try {
    const pace = { first: 1_000, slowest: 15_000, limit: inputs.buildLimit * 1000 };
    const build = await context.poll(ask, pace);
    if (!build) throw new Error(pending(`the build is not done after ${inputs.buildLimit} s`));
    return stateOf(inputs, buildId, build);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const why = context.signal.aborted ? pending(reason) : reason;
    const state = { ...stateOf(inputs, buildId, { status: "pending" }), unfinished: true };
    throw new PartialFailure(idOf(inputs), state, [`${inputs.name}: ${why}`]);
  }
}

function stateOf(
  { name, displayName, language, digest, resources }: QbraidKernelInputs,
  buildId: string,
  { imageUri = "" }: KernelBuild,
): QbraidKernelState {
  const applied = { displayName, language, digest, resources };
  return { name, image: imageUri, imageUri, buildId, unfinished: false, applied };
}

function idOf({ name }: QbraidKernelInputs): string {
  return `qbraid-kernel/${name}`;
}

function refusedContext({ name, folder }: QbraidKernelInputs, refused: readonly string[]): LecternError {
  return new LecternError(
    refused.map((reason) => ({
      code: "context-refused",
      severity: "error" as const,
      message: `kernel ${name}: ${reason}`,
      remedy: `Fix it in ${folder}, or exclude the file in .dockerignore`,
    })),
  );
}
