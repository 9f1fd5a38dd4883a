import { styleText } from "node:util";
import { FROZEN } from "../../components/calendar/frozen-reason.ts";
import type { StackResult } from "./run-stacks.ts";
import type { Phase } from "./schedule.ts";

const COUNTED = { create: "created", update: "updated", replace: "replaced", delete: "deleted" } as const;

/** `2 created, 40 unchanged`. */
function changesOf(changes: Readonly<Record<string, number>>): string {
  const counts = Object.entries(COUNTED).flatMap(([op, word]) =>
    changes[op] ? [`${changes[op]} ${word}`] : [],
  );
  const same = changes["same"] ? [`${changes["same"]} unchanged`] : [];
  return [...counts, ...same].join(", ") || "nothing to do";
}

/** A line once a phase begins. */
export function phaseLine({ environment, wave, stacks }: Phase): string {
  const of = wave ? `, wave ${wave.number} of ${wave.of}` : "";
  return styleText("bold", `Deploying ${environment}${of}: ${stacks.join(", ")}`);
}

/** A line once a stack has ended, with what went wrong below it. */
export function resultLines({
  stack,
  environment,
  state,
  changes,
  errors,
  seconds,
  reason,
}: StackResult): string[] {
  const took = `(${seconds.toFixed(seconds < 10 ? 1 : 0)} s)`;
  if (state === "deployed") return [styleText("green", `  ✓ ${stack}  ${changesOf(changes)} ${took}`)];
  if (state === "not started") return [styleText("yellow", `  - ${stack}  not started: ${reason}`)];
  const word = state === "interrupted" ? "interrupted; run it again to go on" : "failed";
  const held =
    state === "failed" && environment === "staging"
      ? ["    Its production stack is deployed all the same: the gate holds what staging has not proven."]
      : [];
  return [
    styleText("red", `  ✗ ${stack}  ${word} ${took}`),
    ...errors.flatMap((text) => text.split("\n").map((line) => `    ${line}`)),
    ...held,
  ];
}

/** The last line of a run over many stacks. */
export function summaryOf(results: readonly StackResult[], seconds: number): string {
  const count = (state: StackResult["state"]) => results.filter((result) => result.state === state).length;
  const parts = (["deployed", "failed", "interrupted", "not started"] as const).flatMap((state) =>
    count(state) > 0 ? [`${count(state)} ${state}`] : [],
  );
  const held = results.flatMap(({ warnings }) => warnings).filter((text) => / (is|are) held/.test(text));
  const frozen = held.filter((text) => text.includes(`held: ${FROZEN}`)).length;
  const unproven = held.length - frozen;
  const holds = [
    ...(unproven > 0 ? [`; ${unproven} held in production, as staging has not proven them`] : []),
    ...(frozen > 0 ? [`; ${frozen} frozen by events of the calendar, and deployed by a run after them`] : []),
  ].join("");
  return `${results.length} ${results.length === 1 ? "stack" : "stacks"} in ${seconds.toFixed(0)} s: ${parts.join(", ")}${holds}.`;
}
