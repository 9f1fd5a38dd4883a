import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LecternError } from "../../../components/problem/problem.ts";
import type { Scope } from "../../../stacks/shards/scope.ts";
import { readStackFiles, type StackFileScope } from "../../../stacks/shards/stack-files.ts";
import type { Environment } from "../../../stacks/shards/stack-name.ts";
import type { CallPulumi } from "../../pulumi/call.ts";
import type { ProjectStack } from "../../pulumi/project.ts";
import { type Journal, readJournal, removeJournal, writeJournal } from "./journal.ts";
import { inBoth, topResourcesOf, withoutTraces, withProvidersAtRoot } from "./moved.ts";
import { copySecrets } from "./secrets.ts";
import { withConfig, withScope } from "./stack-yaml.ts";
import { type ExportedState, exportedState, withoutResources } from "./state.ts";

export interface SplitWorld {
  readonly root: string;
  /** The folders of the catalog's clusters. */
  readonly clusters: readonly string[];
  readonly call: CallPulumi;
  readonly open: (names: readonly string[]) => Promise<readonly ProjectStack[]>;
  readonly print: (line: string) => void;
}

/**
 * Moves a cluster from the stack of an environment that deploys it to its own. Previews of both prove that nothing
 * is created or deleted; where they do not, everything is as it was before. An interrupted split goes on.
 * @returns whether something was moved
 * @throws {LecternError} where it can't be split, and everything is as it was
 */
export async function splitCluster(
  world: SplitWorld,
  cluster: string,
  environment: Environment,
): Promise<boolean> {
  const target = `${environment}-${cluster}`;
  const files = readStackFiles(world.root);
  const begun = readJournal(world.root, target);
  const source = begun?.source ?? sourceOf(files, cluster, environment);
  if (source === undefined) {
    world.print(`${target} deploys the cluster ${cluster} already.`);
    return false;
  }
  if (begun) world.print(`Going on with the split of ${cluster} from ${source}.`);
  const journal = begun ?? (await begin(world, source, target));
  try {
    writeFiles(world, journal, cluster, environment, files);
    await copySecrets(world.call, { source, target, cluster });
    await moveResources(world, journal, cluster);
    await prove(world, journal);
  } catch (error) {
    await undo(world, journal);
    throw error;
  }
  removeJournal(world.root, target);
  if (environment === "staging") takeProofFrom(world.root, cluster, source);
  world.print(
    `${target} deploys the cluster ${cluster} now; nothing is created or deleted. Commit both files.`,
  );
  return true;
}

const claims = ({ scope }: StackFileScope, cluster: string) => !scope || scope.clusters.includes(cluster);

/** The stack that deploys a cluster until now; undefined where that is its own. */
function sourceOf(files: readonly StackFileScope[], cluster: string, environment: Environment) {
  const target = `${environment}-${cluster}`;
  const own = files.filter((file) => file.environment === environment);
  const found = own.find((file) => file.stack !== target && claims(file, cluster));
  if (found) {
    refuseUnproven(files, cluster, environment, found.stack);
    return found.stack;
  }
  if (own.some(({ stack }) => stack === target)) return undefined;
  throw new LecternError({
    code: "no-stack",
    severity: "error",
    message: `no stack of ${environment} deploys the cluster ${cluster}`,
    remedy: `Name it in the lectern:scope of one; a new cluster needs no split, but a Pulumi.${target}.yaml`,
  });
}

/** Production reads what staging proves from one stack: that of the cluster, once production has its own. */
function refuseUnproven(
  files: readonly StackFileScope[],
  cluster: string,
  environment: Environment,
  source: string,
) {
  const prod = files.find((file) => file.environment === "prod" && claims(file, cluster));
  if (environment !== "staging" || !prod || prod.stack === `prod-${cluster}`) return;
  throw new LecternError({
    code: "unproven-part",
    severity: "error",
    message: `${prod.stack} takes what it deploys of ${cluster} from ${source}, and would hold it from then on`,
    remedy: `Split production first: \`lectern stacks split ${cluster}\` does both, in this order`,
  });
}

async function begin({ root, call, print }: SplitWorld, source: string, target: string): Promise<Journal> {
  const name = (stack: string) => `Pulumi.${stack}.yaml`;
  const textOf = (stack: string) => {
    const path = join(root, name(stack));
    return existsSync(path) ? readFileSync(path, "utf8") : null;
  };
  const files = { [name(source)]: textOf(source), [name(target)]: textOf(target) };
  const known = await call(["stack", "export", "--stack", target]).catch(() => undefined);
  if (known === undefined) {
    print(`Creating the stack ${target}.`);
    await call(["stack", "init", target, "--no-select"]);
  }
  const journal: Journal = {
    source,
    target,
    created: known === undefined,
    files,
    states: {
      [source]: await call(["stack", "export", "--stack", source]),
      [target]: known ?? (await call(["stack", "export", "--stack", target])),
    },
  };
  writeJournal(root, journal);
  return journal;
}

function writeFiles(
  { root, clusters }: SplitWorld,
  { source, target }: Journal,
  cluster: string,
  environment: Environment,
  files: readonly StackFileScope[],
): void {
  const everything: Scope = { articles: true, kernels: true, clusters: [...clusters] };
  const { scope = everything, stagingStack } = files.find(({ stack }) => stack === source) ?? {};
  const rest = { ...scope, clusters: scope.clusters.filter((name) => name !== cluster) };
  const rewrite = (stack: string, change: (text: string) => string) => {
    const path = join(root, `Pulumi.${stack}.yaml`);
    writeFileSync(path, change(existsSync(path) ? readFileSync(path, "utf8") : ""), { flush: true });
  };
  rewrite(source, (text) => withScope(text, rest));
  rewrite(target, (text) =>
    withConfig(text, {
      "lectern:environment": environment,
      "lectern:scope": { clusters: [cluster] },
      "lectern:stagingStack": environment === "prod" ? provenBy(files, cluster, stagingStack) : undefined,
    }),
  );
}

/** The stack that proves a cluster to its production stack; undefined where that is the one of the same name. */
function provenBy(files: readonly StackFileScope[], cluster: string, ofSource: string | undefined) {
  if (ofSource !== undefined) return ofSource;
  const staging = files.find((file) => file.environment === "staging" && claims(file, cluster))?.stack;
  return staging === `staging-${cluster}` ? undefined : staging;
}

async function moveResources(
  { call, clusters, print }: SplitWorld,
  { source, target }: Journal,
  cluster: string,
) {
  // With its secrets shown, in memory alone: what one stack encrypted, the other can't decrypt.
  const stateOf = async (stack: string) =>
    exportedState.parse(JSON.parse(await call(["stack", "export", "--show-secrets", "--stack", stack])));
  const replace = (stack: string, state: ExportedState) =>
    call(["stack", "import", "--stack", stack], JSON.stringify(state));
  const [before, there] = [await stateOf(source), await stateOf(target)];
  // An interrupted move leaves what it moved in both, and is refused the next time.
  const doubled = inBoth(before, there);
  const rest = withProvidersAtRoot(doubled.length > 0 ? withoutResources(before, doubled) : before);
  const urns = topResourcesOf(cluster, clusters, rest);
  if (doubled.length > 0 || urns.length > 0) await replace(source, rest);
  if (urns.length > 0) {
    print(`Moving ${urns.length} resources of ${cluster}, with their children, from ${source} to ${target}.`);
    await call(["state", "move", "--yes", "--source", source, "--dest", target, ...urns]);
  }
  const after = withoutTraces(cluster, await stateOf(source), await stateOf(target));
  // The target first: what both have is only merged again.
  await replace(target, after.target);
  await replace(source, after.source);
}

/** Steps that make or remove something. */
const CHANGES = /^(create|delete|replace|import)/;
const isDefaultProvider = (urn: string) => /::pulumi:providers:[^:]+::default/.test(urn);

async function prove({ open, print }: SplitWorld, { source, target }: Journal): Promise<void> {
  for (const stack of await open([source, target])) {
    const { ok, errors, steps } = await stack.preview();
    const changes = Object.entries(steps).flatMap(([op, urns]) =>
      CHANGES.test(op) ? urns.filter((urn) => !isDefaultProvider(urn)).map((urn) => `${op} ${urn}`) : [],
    );
    if (!ok || changes.length > 0) throw unproved(stack.name, ok ? changes : errors, ok);
    print(`A preview of ${stack.name} creates and deletes nothing.`);
  }
}

function unproved(stack: string, found: readonly string[], ok: boolean): LecternError {
  return new LecternError({
    code: "unproved-split",
    severity: "error",
    message: `a preview of ${stack} ${ok ? "would change" : "fails"} after the move, so it was undone: ${found.slice(0, 5).join("; ")}`,
    remedy: ok
      ? "Deploy the stack first, so that nothing else is to be done, and split it then"
      : "Fix that, and split it then",
  });
}

/** Makes both stacks and their files what they were. */
async function undo({ root, call, print }: SplitWorld, journal: Journal): Promise<void> {
  const { source, target, created, files, states } = journal;
  print("Undoing the split.");
  await call(["stack", "import", "--stack", source], states[source]);
  if (created) await call(["stack", "rm", target, "--yes", "--force"]);
  else await call(["stack", "import", "--stack", target], states[target]);
  for (const [name, text] of Object.entries(files)) {
    if (text === null) rmSync(join(root, name), { force: true });
    else writeFileSync(join(root, name), text, { flush: true });
  }
  removeJournal(root, target);
}

/** A production stack that took a cluster's proof from the stack that it was split from takes it from its own now. */
function takeProofFrom(root: string, cluster: string, source: string): void {
  const path = join(root, `Pulumi.prod-${cluster}.yaml`);
  const prod = readStackFiles(root, ["prod"]).find(({ stack }) => stack === `prod-${cluster}`);
  if (prod?.stagingStack !== source) return;
  writeFileSync(path, withConfig(readFileSync(path, "utf8"), { "lectern:stagingStack": undefined }));
}
