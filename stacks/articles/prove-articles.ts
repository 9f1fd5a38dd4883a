import { randomUUID } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { ArticleContents } from "../../components/article/contents.ts";
import type { RegistryClient } from "../../components/image/registry/registry-client.ts";
import { type GatewayClient, gatewayClient } from "../../components/kernel/gateway/gateway-client.ts";
import { smokeUser } from "../../components/kernel/gateway/smoke.ts";
import { LecternError } from "../../components/problem/problem.ts";
import { type ProofSubject, proofSubjects } from "../../components/proof/proof-subjects.ts";
import { type ProofRun, planProofs, runProofs } from "../../components/proof/prove.ts";
import { failureOf, failureText } from "../../components/proof/result/failure-text.ts";
import type { ProofResult } from "../../components/proof/result/proof-result.ts";
import { configuredStore } from "../../components/proof/store/configured-store.ts";
import type { ProofStore } from "../../components/proof/store/proof-store.ts";
import { systemClock } from "../../components/resource/context/clock.ts";
import { makeContext, type ProviderContext } from "../../components/resource/context/context.ts";
import type { ArticleEntry } from "../catalog.ts";
import type { Installed } from "../kernels/gateway-kernels.ts";
import type { NamedGateway } from "../kernels/gateways.ts";
import { kernelsOf, type NamedKernel } from "../kernels/proving-kernels.ts";
import type { Gate } from "../promotion/gate.ts";

/** An article whose update waits for its notebooks. */
export interface WaitingArticle {
  readonly entry: ArticleEntry;
  /** Whether a failure holds the update, or is reported. */
  readonly holds: boolean;
}

/** A kernel with the image that it has once its own update is done. */
export interface KernelNow {
  readonly installed: Installed;
  readonly gateway: NamedGateway;
  readonly image: string;
}

/** Where the results are, and who runs notebooks. */
export interface ProofPlace {
  readonly store: ProofStore;
  readonly gatewayToken: string | undefined;
  readonly owner: string;
  /** Whether nothing may be run. */
  readonly isPreview: boolean;
  /** Why notebooks of a kernel can't be run, by its display name; undefined where nobody needs to be told. */
  readonly unproven: (kernel: string) => string | undefined;
}

type Hold = Extract<Gate<ArticleContents>, { readonly hold: string }>;

/**
 * Runs the notebooks of articles on the images that their kernels have, and says what is held. In a preview, only what is
 * known from before holds, and what is to be run is reported.
 */
export async function heldArticles(
  waiting: readonly WaitingArticle[],
  kernels: ReadonlyMap<string, KernelNow>,
  { store, gatewayToken, owner, isPreview, unproven }: ProofPlace,
): Promise<ReadonlyMap<string, Hold>> {
  const context = programContext(gatewayToken);
  const named = namedKernels(kernels, context);
  const { clock, signal } = context;
  const run = { kernels: kernelsOf(named, owner, signal), store, clock, signal, isPreview, unproven };
  const holds = new Map<string, Hold>();
  // One after the other: a gateway's kernels are for students.
  for (const { entry, holds: isHeld } of waiting) {
    const reason = await proveOne(entry, kernels, named, run);
    if (reason === undefined) continue;
    if (isHeld) holds.set(entry.id, { ...reason, deployed: true });
    else pulumi.log.warn(`${entry.id}: ${reason.hold}; lectern:prove does not hold it, so it is updated`);
  }
  return holds;
}

/** @returns why the article is not to be updated */
async function proveOne(
  { id, folder }: WaitingArticle["entry"],
  kernels: ReadonlyMap<string, KernelNow>,
  named: ReadonlyMap<string, NamedKernel>,
  run: Run,
): Promise<Pick<Hold, "hold" | "failure"> | undefined> {
  try {
    const left = new Map<string, string[]>();
    const subjects = await proofSubjects({ id, folder }, (name, notebook) => {
      const kernel = named.has(name) ? kernels.get(name) : undefined;
      if (!kernel) left.set(name, [...(left.get(name) ?? []), notebook]);
      return kernel && { image: kernel.image, language: kernel.installed.declaration.language };
    });
    warnOfUnproven(id, left, run);
    const failed = await failuresOf(id, subjects, run);
    const failure = failureOf(failed, failed[0]?.image ?? "");
    return failure && { hold: failureText(failure), failure };
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    return { hold: `its notebooks could not be run: ${error.message}` };
  }
}

type Run = ProofRun & Pick<ProofPlace, "isPreview" | "unproven">;

/** @param left notebooks that can't be run, by their kernel's display name */
function warnOfUnproven(id: string, left: ReadonlyMap<string, readonly string[]>, { unproven }: Run): void {
  for (const [kernel, notebooks] of left) {
    const why = unproven(kernel);
    const verb = notebooks.length === 1 ? "is" : "are";
    if (why !== undefined)
      pulumi.log.warn(`${id}: ${notebooks.join(", ")} ${verb} not proven on the kernel ${kernel}: ${why}`);
  }
}

async function failuresOf(
  id: string,
  subjects: readonly ProofSubject[],
  { isPreview, unproven: _, ...run }: Run,
): Promise<ProofResult[]> {
  const { known, toRun } = await planProofs(subjects, run.store);
  const text = `${toRun.length} of ${subjects.length} notebooks`;
  if (toRun.length > 0)
    pulumi.log.info(`${id}: ${isPreview ? `${text} are to run` : `running ${text}`} before it is updated`);
  const ran = isPreview ? [] : await runProofs(toRun, run);
  return [...known, ...ran].filter(({ outcome }) => outcome === "failed");
}

/** Those whose gateway has an address. */
function namedKernels(
  kernels: ReadonlyMap<string, KernelNow>,
  context: ProviderContext,
): ReadonlyMap<string, NamedKernel> {
  const clients = new Map<string, GatewayClient>();
  const all = [...kernels].flatMap(([displayName, { installed, gateway }]): [string, NamedKernel][] => {
    const { url, smoke } = gateway.config;
    if (url === undefined) return [];
    const { name, body, smoke: own } = installed.declaration;
    const client = clients.get(gateway.name) ?? gatewayClient({ name: gateway.name, url }, context);
    clients.set(gateway.name, client);
    const username = smokeUser(smoke, body.authorizedUsers);
    const startTimeout = (own?.timeout ?? smoke.timeout) * 1000;
    return [[displayName, { spec: name, client, username, startTimeout }]];
  });
  return new Map(all);
}

/** The program is interrupted as a whole: nothing in it may take the signal for its own. */
const programContext = (gatewayToken: string | undefined): ProviderContext =>
  makeContext({
    raw: (key) => (key === "gatewayToken" ? gatewayToken : undefined),
    fetch: globalThis.fetch,
    clock: systemClock,
    report: ({ message }) => void pulumi.log.info(message),
    run: randomUUID(),
  });

/** The results of a stack. */
export const stackProofs = (registry: RegistryClient): ProofStore =>
  configuredStore(registry, (message) => void pulumi.log.info(message));
