import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import type { HubDeclaration } from "../../components/cluster/declaration/cluster-declaration.ts";
import { rollbackRefusal } from "../../components/hub/database/jupyterhub-move.ts";
import { examProfiles } from "../../components/hub/profiles/server-pod/exam-profiles.ts";
import { lookUp } from "../../components/hub/values/layers.ts";
import { isObject, type JsonObject, sortedKeys } from "../../components/json.ts";
import type { Problem } from "../../components/problem/problem.ts";
import { known } from "../outputs/known-output.ts";
import type { HubOutput } from "../outputs/outputs.ts";
import { type Hold, isHeld } from "../promotion/gate.ts";
import type { Parts } from "../promotion/hub-parts.ts";
import type { HubPlanArgs } from "./hubs-args.ts";
import type { HubDecision } from "./planned-hub.ts";
import type { ReleasePlan } from "./release/release-plan.ts";
import { keptDeployment, planOfKept } from "./release/rollback.ts";

type ExamArgs = Pick<HubPlanArgs, "freeze" | "before" | "reader" | "images">;

/**
 * Lets a hub enter and leave the mode of exams. Both change the profiles that it offers over what is deployed, and
 * nothing else; neither waits for staging or for an event, as it is the calendar that asks for them.
 * @param usual what becomes of the hub without exams
 */
export async function examDecision(
  hub: HubDeclaration,
  plan: ReleasePlan,
  args: ExamArgs,
  usual: () => Promise<HubDecision>,
): Promise<HubDecision> {
  const last = args.before.hubs.get(hub.id);
  const decision = await usual();
  // A person's `hold` says more than the calendar, and a hub that was never deployed or is stopped has no users.
  if (!last || hub.hold || last.retired) return decision;
  const exam = args.freeze.frozen.exams.get(hub.id);
  if (!exam) return last.exam ? left(hub, plan, last, decision, args) : decision;
  // What a person lets through the freeze is deployed in the mode as well.
  if (!isHeld(decision.gate))
    return (hub.retire ? undefined : entered(decision.decided, exam, decision)) ?? decision;
  if (isDeepStrictEqual([...(last.exam ?? [])], exam)) return decision;
  const base = await deployedPlan(hub, plan, last, args);
  const mode = base && entered(base, exam, decision);
  if (mode) return mode;
  const why = base
    ? `it does not offer each of the profiles ${exam.join(", ")}`
    : whyUnknown(hub, plan, last, args);
  return { ...decision, gate: saying(decision.gate, `its exam mode is not entered, as ${why}`) };
}

/** Why no deployment is known to enter the mode with. */
function whyUnknown(...given: Parameters<typeof refusalToReturn>): string {
  const refusal = refusalToReturn(...given);
  return refusal
    ? `the hub was not healthy, and ${refusal.message}`
    : "what is deployed is not known, as the hub was not healthy";
}

/** A hold that people are told of, with what else there is to say. */
const saying = ({ hold, deployed }: Hold, more: string): Hold => ({ hold: `${hold}; ${more}`, deployed });

/** The exam mode over what a hub is deployed with; undefined where it lacks a profile. */
function entered(base: ReleasePlan, exam: readonly string[], { gate }: HubDecision): HubDecision | undefined {
  const values = examValues(base, exam);
  if (!values) return undefined;
  const waiting = isHeld(gate) && !gate.calm ? { waiting: gate } : {};
  return {
    gate: { use: base.parts },
    decided: { ...base, values, base: base.base ?? base },
    exam,
    ...waiting,
  };
}

/** What is deployed once the exam is over: the catalog's, or where that is held what was there before the exam. */
async function left(
  hub: HubDeclaration,
  plan: ReleasePlan,
  last: HubOutput,
  decision: HubDecision,
  args: ExamArgs,
): Promise<HubDecision> {
  const { gate } = decision;
  if (!isHeld(gate)) return decision;
  const base = await deployedPlan(hub, plan, last, args);
  if (!base) return { ...decision, gate: saying(gate, "it still offers the profiles of an exam alone") };
  const waiting = gate.calm ? {} : { waiting: gate };
  return { gate: { use: base.parts }, decided: { ...base, base }, ...waiting };
}

/** Why a hub that is not healthy can't return to its last healthy deployment; undefined where it can, or need not. */
function refusalToReturn(
  { id, database }: HubDeclaration,
  plan: ReleasePlan,
  last: HubOutput,
  { before }: Pick<ExamArgs, "before">,
): Problem | undefined {
  const kept = keptDeployment(before.hubDeployments.get(id));
  if (last.healthy || !kept) return undefined;
  const restored = database === "restored";
  return rollbackRefusal({
    hub: id,
    running: plan.runs,
    target: kept.runs,
    database: plan.database,
    restored,
  });
}

/** What a hub is deployed with, but for the mode of exams: as it was kept, else as the catalog has it unchanged. */
async function deployedPlan(
  hub: HubDeclaration,
  plan: ReleasePlan,
  last: HubOutput,
  args: ExamArgs,
): Promise<ReleasePlan | undefined> {
  if (refusalToReturn(hub, plan, last, args)) return undefined;
  const { id } = hub;
  const { before, reader, images } = args;
  const isDeployed = (parts: Parts) => isDeepStrictEqual({ ...parts }, { ...last.parts });
  const built = isDeployed(plan.parts) ? await images.valuesWith(plan.values) : undefined;
  const own = built && "values" in built ? { ...plan, ...built } : undefined;
  const kept = keptDeployment(before.hubDeployments.get(id));
  if (!kept || !isDeployed(kept.parts)) return own;
  // The catalog tells which of the values are secrets, what was kept does not.
  const values = own && (await known(pulumi.output(own.values)));
  const isSame = JSON.stringify(sortedKeys(values)) === JSON.stringify(sortedKeys(kept.values));
  return own && isSame ? own : ((await planOfKept(plan, kept, reader)) ?? own);
}

/** Values whose list of profiles is that of an exam; undefined where they have no such profiles. */
function examValues({ values, jupyterhub }: ReleasePlan, exam: readonly string[]): JsonObject | undefined {
  const path = [...jupyterhub, "singleuser"];
  const list = lookUp(values, [...path, "profileList"]);
  if (!Array.isArray(list)) return undefined;
  const limits = {
    cpu_limit: lookUp(values, [...path, "cpu", "limit"]),
    mem_limit: lookUp(values, [...path, "memory", "limit"]),
  };
  const found = examProfiles(list.filter(isObject), exam, limits);
  if (found.missing.length > 0) return undefined;
  return withAt(values, [...path, "profileList"], found.list);
}

function withAt(values: JsonObject, [key = "", ...rest]: readonly string[], value: unknown): JsonObject {
  const inner = values[key];
  return { ...values, [key]: rest.length === 0 ? value : withAt(isObject(inner) ? inner : {}, rest, value) };
}
