import pLimit from "p-limit";
import { jsonOf } from "../../../components/problem/json.ts";
import { LecternError } from "../../../components/problem/problem.ts";
import type { MapStack } from "../../../plan/map/map-file.ts";
import type { Environment } from "../../../stacks/shards/stack-name.ts";
import { schedule } from "../../deploy/schedule.ts";
import { type CallPulumi, pulumiIn } from "../../pulumi/call.ts";
import { listStacks } from "../../stacks/list.ts";
import type { ReadStack } from "./map-of-stack.ts";
import { parseHistory } from "./stack-history.ts";
import { parseState } from "./stack-state.ts";

/** Which stacks of a project are read. */
export interface StackChoice {
  readonly environment?: Environment;
  readonly only?: string;
  readonly catalog: string;
  readonly jobs: number;
}

/** A stack that could not be read. */
type Unread = Required<Pick<MapStack, "stack" | "environment" | "failure">>;

/** Updates that are read of a stack's history; an earlier report has the older ones. */
const UPDATES = 100;

/**
 * The stacks of a project, through the Pulumi CLI. Nothing is decrypted.
 * @throws {LecternError} where the project has none of these
 */
export async function readStacks(
  root: string,
  { catalog, jobs, ...choice }: StackChoice,
  now: () => string,
  call: CallPulumi = pulumiIn(root),
): Promise<{ read: ReadStack[]; unread: Unread[] }> {
  const { stacks } = await listStacks(root, catalog);
  const wanted = schedule(stacks, undefined, choice).flatMap(({ environment, stacks }) =>
    stacks.map((stack) => ({ stack, environment })),
  );
  const limit = pLimit(jobs);
  const found = await Promise.all(wanted.map((one) => limit(() => readStack(one, now, call))));
  return {
    read: found.filter((one) => "state" in one),
    unread: found.filter((one) => "failure" in one),
  };
}

async function readStack(
  { stack, environment }: { stack: string; environment: Environment },
  now: () => string,
  call: CallPulumi,
): Promise<ReadStack | Unread> {
  const named = { stack, environment };
  const failed = (message: string): Unread => ({ ...named, failure: { at: now(), message } });
  try {
    const at = now();
    const state = parseState(jsonOf(await call(["stack", "export", "--stack", stack])));
    if (!state) return failed("`pulumi stack export` printed no state");
    const options = ["--json", "--page-size", `${UPDATES}`, "--stack", stack];
    const updates = jsonOf(await call(["stack", "history", ...options]));
    const complete = Array.isArray(updates) && updates.length < UPDATES;
    return { ...named, at, state, history: parseHistory(updates), complete };
  } catch (error) {
    if (error instanceof LecternError) return failed(error.problems.map(({ message }) => message).join("; "));
    throw error;
  }
}
