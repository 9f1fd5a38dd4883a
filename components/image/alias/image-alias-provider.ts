import { LecternError, type Problem } from "../../problem/problem.ts";
import type { ProviderContext } from "../../resource/context/context.ts";
import { knownInputs, type State } from "../../resource/contract.ts";
import { provide } from "../../resource/provide.ts";
import { PartialFailure } from "../../resource/provider.ts";
import type { Repository } from "../reference.ts";
import { type RegistryClient, registryClient } from "../registry/registry-client.ts";
import { checkInputs, desiredAlias } from "./alias-inputs.ts";
import { lookUp, moveAlias, type Seen } from "./alias-move.ts";
import { nameOf, reportPlan } from "./alias-notice.ts";
import {
  type DesiredAlias,
  describeImage,
  differs,
  goneImage,
  type Move,
  movesBack,
  planMoves,
} from "./alias-plan.ts";
import type { ClusterOf, PlannedMoves } from "./alias-proof.ts";
import { recordAfter, recordBefore, summary } from "./alias-records.ts";
import {
  type AliasProof,
  type AliasRecords,
  type HeldMove,
  imageAliasContract,
} from "./image-alias-contract.ts";

type AliasState = State<typeof imageAliasContract>;

/**
 * Moves a tag, in one repository or several. For each repository, the state keeps what was applied,
 * what was seen, and what was there before.
 *
 * The configuration decides: an alias that somebody else moved before the plan is shown as a change
 * and moved back. One that is moved between the plan and the write is left alone, and the run fails.
 */
export const imageAliasProviderOver = (clusterOf?: ClusterOf) =>
  provide(imageAliasContract, {
    async check(planned, before, context) {
      const wanted = knownInputs(planned);
      if (!wanted) return {};
      const { desired, failures } = await checkInputs(registryClient(context), wanted, before?.targetDigest);
      if (!desired) return { failures };
      const isNew = before?.alias === undefined;
      if (isNew && desired.rollback) {
        const reason = `${desired.alias} can't go back: this stack has not moved it yet. Remove \`rollback\`.`;
        return { failures: [{ property: "rollback", reason }] };
      }
      try {
        // A create is not preceded by a diff, so its plan is reported here.
        if (isNew) {
          const moves = await plan(desired, {}, context);
          if (wanted.proof)
            await (await loadProofs()).announceMove(desired, { moves, known: {} }, wanted.proof, context);
        }
      } catch (error) {
        if (!(error instanceof LecternError)) throw error;
        return { failures: [{ property: "repositories", reason: error.message }] };
      }
      return { inputs: { ...desired, ...(wanted.proof ? { proof: wanted.proof } : {}) } };
    },

    async diff(state, planned, context) {
      const wanted = knownInputs(planned);
      if (!wanted) return { change: "update" };
      const desired = desiredAlias(wanted);
      if (state.alias !== desired.alias) return { change: "replace", because: ["alias"] };
      const { held } = state;
      // What proves notebooks is loaded only where there are some.
      const proving = wanted.proof ? await loadProofs() : undefined;
      if (held && (await proving?.isStillHeld(held, desired, wanted.proof))) {
        proving?.announceHold(held, desired.alias, wanted.proof?.entry ?? "", context);
        return { change: (await isWhereApplied(desired, state.places, context)) ? "none" : "update" };
      }
      const moves = await plan(desired, state.places, context);
      if (wanted.proof)
        await proving?.announceMove(desired, { moves, known: state.places }, wanted.proof, context);
      const renamed = (["source", "target", "targetDigest"] as const).some(
        (key) => state[key] !== desired[key],
      );
      return { change: differs(moves, state.places) || renamed || held ? "update" : "none" };
    },

    async create(wanted, context) {
      const desired = desiredAlias(wanted);
      const id = `${desired.repositories[0]}:${desired.alias}`;
      return { id, state: await apply(id, desired, {}, { context, proof: wanted.proof, clusterOf }) };
    },

    async update(id, state, wanted, context) {
      return apply(id, desiredAlias(wanted), state.places, { context, proof: wanted.proof, clusterOf });
    },

    async read(_id, state, context) {
      const { alias, places } = state;
      // The keys are the repositories of the desired alias that was applied.
      const now = await lookUp(registryClient(context), alias, Object.keys(places) as Repository[]);
      const seen = Object.entries(places).map(([name, record]) => [
        name,
        { ...record, digest: now.get(name as Repository) },
      ]);
      return { ...state, ...summary(Object.fromEntries(seen)) };
    },

    async delete(_id, { alias, places }, context) {
      // A hub may be starting users on it: removing the tag is for a person.
      const names = Object.keys(places).map((repository) => `${repository}:${alias}`);
      reporter(context)(`${names.join(", ")} stays as it is; this stack no longer moves it`);
    },
  });

/** Moves aliases of registries, and proves notebooks in the clusters of the stack's configuration. */
export const imageAliasProvider = imageAliasProviderOver();

const loadProofs = () => import("./alias-proof.ts");

const reporter = (context: ProviderContext) => (message: string) =>
  context.report({ severity: "info", message });

/** What this run has seen the aliases name, so that it overwrites nothing that it has not shown. */
const seenBy = (context: ProviderContext) =>
  context.once("ImageAlias: what the plan saw", () => new Map<string, Seen>());

/** What the alias names now, noted as shown. */
async function look({ alias, repositories }: DesiredAlias, context: ProviderContext) {
  const now = await lookUp(registryClient(context), alias, repositories);
  for (const [repository, digest] of now) seenBy(context).set(`${repository}:${alias}`, { digest });
  return now;
}

/** Whether an alias that is held names everywhere what this stack applied; says where it does not. */
async function isWhereApplied(
  desired: DesiredAlias,
  known: AliasRecords,
  context: ProviderContext,
): Promise<boolean> {
  const now = await look(desired, context);
  const moved = movesBack(planMoves(desired, now, known), known);
  for (const { repository, from, to, after } of moved) {
    const applied = describeImage(after.tag, to);
    reporter(context)(
      `${repository}:${desired.alias} was moved by somebody else to ${describeImage(undefined, from)} since the last deployment: it is moved back to ${applied}`,
    );
  }
  return moved.length === 0;
}

async function plan(desired: DesiredAlias, known: AliasRecords, context: ProviderContext) {
  const client = registryClient(context);
  const report = reporter(context);
  const now = await look(desired, context);
  const moves = planMoves(desired, now, known);
  if (desired.rollback) await checkThere(client, desired, moves);
  for (const name of Object.keys(known)) {
    if (!now.has(name as Repository))
      report(`${name}:${desired.alias} stays as it is; this stack no longer moves it`);
  }
  await reportPlan(client, desired, moves, known, report);
  return moves;
}

/** @throws {LecternError} where a rollback would go to an image that no registry has any more */
async function checkThere(
  client: RegistryClient,
  { alias, source }: DesiredAlias,
  moves: readonly Move[],
): Promise<void> {
  const gone = moves.map(async ({ repository, from, to, after }): Promise<Problem[]> => {
    if (from === to || (await client.resolve(repository, to)) || (await client.resolve(source, to)))
      return [];
    return [goneImage(`${alias} of ${repository}`, describeImage(after.tag, to))];
  });
  const problems = (await Promise.all(gone)).flat();
  if (problems.length > 0) throw new LecternError(problems);
}

/** What a move is made with, beside what is wanted. */
interface Applying {
  readonly context: ProviderContext;
  readonly proof: AliasProof | undefined;
  readonly clusterOf: ClusterOf | undefined;
}

async function apply(
  id: string,
  desired: DesiredAlias,
  known: AliasRecords,
  { context, proof, clusterOf }: Applying,
): Promise<AliasState> {
  const client = registryClient(context);
  const { alias, target, targetDigest, source } = desired;
  const planned = planMoves(desired, await lookUp(client, alias, desired.repositories), known);
  const held = proof && (await prove(desired, { moves: planned, known }, proof, { context, clusterOf }));
  const moves = held
    ? movesBack(planned, known)
    : await Promise.all(planned.map((move) => withFormerName(client, move)));
  const outcomes = await moveAlias(client, {
    alias,
    source,
    moves,
    seen: (repository) => seenBy(context).get(`${repository}:${alias}`),
    report: reporter(context),
  });
  const errors = outcomes.flatMap(({ error }) => error ?? []);
  // Where nothing was written, the state that is there already is right.
  const untouched = outcomes.every(({ error, written }) => error && !written);
  if (errors.length > 0 && untouched) throw new LecternError(errors.flatMap(({ problems }) => problems));
  const places = Object.fromEntries([
    ...(held ? planned.flatMap((move) => recordBefore(move, known)) : []),
    ...outcomes.flatMap((outcome) => recordAfter(outcome, known)),
  ]);
  const state = { alias, target, targetDigest, source, ...summary(places), ...(held ? { held } : {}) };
  if (errors.length > 0) throw new PartialFailure(id, state, reasonsOf(errors, moves.length));
  return state;
}

/** @returns why the alias is held, where it is */
async function prove(
  desired: DesiredAlias,
  planned: PlannedMoves,
  proof: AliasProof,
  { context, clusterOf }: Pick<Applying, "context" | "clusterOf">,
): Promise<HeldMove | undefined> {
  const { proveMove, configuredCluster } = await loadProofs();
  return proveMove(desired, planned, proof, { context, clusterOf: clusterOf ?? configuredCluster });
}

/** Finds the name of the image to go back to: a rollback will report it. */
async function withFormerName(client: RegistryClient, move: Move): Promise<Move> {
  const { previous, previousTag } = move.after;
  if (move.from === move.to || previous === undefined || previousTag !== undefined) return move;
  const found = await nameOf(client, move.repository, previous);
  return found === undefined ? move : { ...move, after: { ...move.after, previousTag: found } };
}

function reasonsOf(errors: readonly LecternError[], total: number): string[] {
  const rest = total - errors.length;
  const note =
    total > 1 ? [`${rest} of ${total} repositories have the alias as wanted; run again for the rest`] : [];
  return [...errors.map(({ message }) => message), ...note];
}
