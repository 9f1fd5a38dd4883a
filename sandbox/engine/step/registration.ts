import { type Goal, type Reply, replyOf, unknownReply, wantedState } from "../program/goal.ts";
import type { DiffResult } from "../provider/adapter.ts";
import { messageOf, report, type Session } from "../session.ts";
import { dependenciesOf, type ResourceState } from "../state/deployment.ts";
import { createUrn, formerUrns, isProviderType, nameOf, STACK_TYPE } from "../value/urn.ts";
import { changedPaths, equal, keepSecrets, reveal } from "../value/values.ts";
import { deleteForReplacement } from "./deletion.ts";
import { ignoreChanges } from "./ignore-changes.ts";
import { adapterResource, create, isServed, StepFailed, same, update } from "./steps.ts";

/** Serves the registrations of one run: decides for each what has to be done, and does it. */
export class Registrar {
  readonly #session: Session;
  readonly #claimed = new Set<string>();
  /** New URN → the URN that an alias found it by. */
  readonly #former = new Map<string, string>();
  /** Untargeted resources that would have to be created: they stay away. */
  readonly #absent = new Set<string>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** @returns what the program is told; undefined where the run is over for it */
  async register(goal: Goal): Promise<Reply | undefined> {
    const { stack, project, gate } = this.#session;
    const urn = createUrn(stack, project, goal.parent, goal.type, goal.name);
    try {
      return await this.#register(goal, urn);
    } catch (error) {
      if (!(error instanceof StepFailed)) {
        this.#session.reporter.say("error", messageOf(error), urn);
      }
      gate.fail(urn);
      return this.#failed(goal, urn);
    }
  }

  async #register(goal: Goal, urn: string): Promise<Reply | undefined> {
    const { journal, providers, targets, gate, dryRun } = this.#session;
    if (goal.unsupported) throw new Error(`the sandbox does not support ${goal.unsupported}`);
    if (this.#claimed.has(urn)) {
      throw new Error(
        `two resources have the type '${goal.type}' and the name '${goal.name}'; rename one of them`,
      );
    }
    this.#claimed.add(urn);
    const old = this.#findOld(goal, urn);
    const implied = goal.type === STACK_TYPE || isProviderType(goal.type);
    if (!targets.includes(urn) && !implied && !(old && targets.includes(old.urn)))
      return this.#untargeted(goal, urn, old);
    const known = goal.provider || !goal.custom || isProviderType(goal.type);
    const provider = known ? goal.provider : await providers.reference(goal.type, goal.version);
    const wanted = wantedState(goal, urn, provider, old);
    if (!dryRun && dependenciesOf(wanted).some((needed) => gate.failed.has(needed))) {
      gate.failed.add(urn);
      return this.#failed(goal, urn);
    }
    this.#refuseAbsent(wanted);
    const checked = await this.#check(wanted, old, goal);
    if (!gate.open) return undefined;
    const state = old
      ? await this.#change(goal, checked, old)
      : await this.#run(() => create(this.#session, checked));
    return state && replyOf(journal.news.get(urn) ?? state);
  }

  #findOld(goal: Goal, urn: string): ResourceState | undefined {
    const { journal, stack, project } = this.#session;
    const known = journal.olds.get(urn);
    if (known) return known;
    const identity = { stack, project, parent: goal.parent, type: goal.type, name: goal.name };
    for (const former of formerUrns(identity, goal.aliases, (parent) => this.#former.get(parent))) {
      const old = journal.olds.get(former);
      if (!old || this.#claimed.has(former)) continue;
      this.#claimed.add(former);
      this.#former.set(urn, former);
      return old;
    }
    return undefined;
  }

  async #untargeted(goal: Goal, urn: string, old: ResourceState | undefined): Promise<Reply> {
    if (!old) {
      this.#absent.add(urn);
      return { urn, id: "", outputs: goal.inputs, unknown: true };
    }
    // Dealt with all the same: what depends on it has to come after it in the state.
    await this.#session.journal.put(old, old);
    return replyOf(old);
  }

  #refuseAbsent(wanted: ResourceState): void {
    const absent = dependenciesOf(wanted).find((needed) => this.#absent.has(needed));
    if (absent) {
      throw new Error(
        `it needs ${absent}, which does not exist yet and is not among the targets; add it to the targets`,
      );
    }
  }

  /** The wanted state with the inputs that its provider accepts. All of its objections are reported at once. */
  async #check(
    wanted: ResourceState,
    old: ResourceState | undefined,
    goal: Goal,
    fresh = false,
  ): Promise<ResourceState> {
    const compared = fresh ? undefined : old;
    const given = wanted.inputs ?? goal.inputs;
    const inputs = compared ? ignoreChanges(given, compared.inputs ?? {}, goal.ignoreChanges) : given;
    if (!isServed(wanted)) return wanted.inputs ? { ...wanted, inputs } : wanted;
    const { providers, reporter, limit } = this.#session;
    const adapter = await providers.adapter(wanted.type);
    if (!adapter.check) return { ...wanted, inputs };
    const resource = adapterResource(this.#session, wanted);
    const olds = reveal(compared?.inputs ?? {});
    const checked = await limit(async () => adapter.check?.(resource, olds, reveal(inputs)));
    const failures = checked?.failures ?? [];
    if (failures.length > 0) {
      const reasons = failures.map(({ property, reason }) => (property ? `${property}: ${reason}` : reason));
      reporter.rejected(report(old ? "update" : "create", wanted, old), reasons);
      throw new StepFailed();
    }
    return { ...wanted, inputs: keepSecrets(checked?.inputs ?? inputs, inputs) };
  }

  async #change(goal: Goal, wanted: ResourceState, old: ResourceState): Promise<ResourceState | undefined> {
    const diff = await this.#diff(goal, wanted, old);
    const replaces = diff.replaces ?? [];
    if (old.pendingReplacement || (diff.changes && replaces.length > 0))
      return this.#replace(goal, wanted, old, diff);
    const again = (old.initErrors ?? []).length > 0;
    if (diff.changes || again) return this.#run(() => update(this.#session, wanted, old));
    return same(this.#session, wanted, old);
  }

  async #diff(goal: Goal, wanted: ResourceState, old: ResourceState): Promise<DiffResult> {
    if (isServed(wanted)) {
      const adapter = await this.#session.providers.adapter(wanted.type);
      const resource = adapterResource(this.#session, wanted);
      const [olds, news] = [reveal(old.outputs ?? {}), reveal(wanted.inputs ?? {})];
      const inputs = reveal(old.inputs ?? {});
      const diff = await this.#session.limit(async () =>
        adapter.diff?.(resource, old.id ?? "", olds, news, inputs),
      );
      if (diff) return diff;
    }
    if (equal(old.inputs ?? {}, wanted.inputs ?? {})) return { changes: false };
    const changed = changedPaths(old.inputs ?? {}, wanted.inputs ?? {});
    const meant = (path: string) => goal.replaceOnChanges.some((key) => key === "*" || path.startsWith(key));
    return { changes: true, replaces: isServed(wanted) ? changed.filter(meant) : [] };
  }

  async #replace(
    goal: Goal,
    wanted: ResourceState,
    old: ResourceState,
    diff: DiffResult,
  ): Promise<ResourceState | undefined> {
    if (old.protect && wanted.protect) {
      throw new Error(replaceProtected(old.urn));
    }
    const fresh = await this.#check(wanted, old, goal, true);
    const deleteFirst = goal.deleteBeforeReplace ?? diff.deleteBeforeReplace ?? false;
    return this.#run(async () => {
      const gone =
        old.pendingReplacement || !deleteFirst ? old : await deleteForReplacement(this.#session, old);
      return create(this.#session, fresh, gone, diff.replaces ?? []);
    });
  }

  /** Starts a step when there is room for it, if it may still start then. */
  #run(step: () => Promise<ResourceState>): Promise<ResourceState | undefined> {
    return this.#session.limit(() => (this.#session.gate.open ? step() : undefined));
  }

  /** In a preview the program goes on with unknowns, so that one run names everything that is wrong. */
  #failed(goal: Goal, urn: string): Reply | undefined {
    if (this.#session.dryRun) return unknownReply(urn, goal.inputs);
    return this.#session.gate.open ? { urn, id: "", outputs: goal.inputs, failed: true } : undefined;
  }
}

const replaceProtected = (urn: string) =>
  `${nameOf(urn)} has to be replaced but is protected; see its provider's message, or unprotect it with \`pulumi state unprotect '${urn}'\``;
