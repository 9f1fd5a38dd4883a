import { z } from "zod";
import { jsonOf } from "../../components/problem/json.ts";
import { LecternError } from "../../components/problem/problem.ts";
import { zodProblems } from "../../components/problem/zod.ts";
import { type DeployedStack, deployedStack, passedIn } from "../../plan/notification/notification.ts";
import { type DoneEvent, WentLive } from "../../plan/notification/went-live.ts";
import { environmentOf } from "../../stacks/shards/stack-name.ts";
import { textIn } from "../comment/read-input.ts";

const reported = deployedStack
  .extend({ warnings: z.array(z.string()).default([]) })
  .transform(({ warnings, ...stack }): DeployedStack => {
    const throughFreeze = passedIn(warnings);
    return throughFreeze.length === 0 ? stack : { ...stack, throughFreeze };
  });
const reportSchema = z.object({ stacks: z.array(reported) });

/**
 * What was deployed, from the report of `lectern deploy --json`, and from the events of each `pulumi up --json`.
 * @throws {LecternError} where nothing is named, or a file is of another shape
 */
export async function readDeployed(
  report: string | undefined,
  events: readonly string[],
): Promise<DeployedStack[]> {
  if (report === undefined && events.length === 0) throw nothingNamed();
  const reported = report === undefined ? [] : await readReport(report);
  return [...reported, ...(await Promise.all(events.map(readEvents)))];
}

async function readReport(file: string): Promise<DeployedStack[]> {
  const found = reportSchema.safeParse(jsonOf(await textIn(file)));
  if (found.success) return found.data.stacks;
  throw new LecternError(zodProblems(found.error, { file }));
}

/** One event per line, those of a preview included; the summary says how the run ended. */
async function readEvents(argument: string): Promise<DeployedStack> {
  const [, name = "", file = ""] = /^([^=]+)=(.+)$/s.exec(argument) ?? [];
  if (name === "" || file === "") throw noEvents(argument);
  const stack = name.split("/").at(-1) ?? name;
  const live = new WentLive();
  let state: DeployedStack["state"] = "failed";
  for (const line of (await textIn(file)).split("\n")) {
    const event = eventSchema.safeParse(jsonOf(line)).data;
    if (!event) continue;
    live.note(event as DoneEvent);
    if (event.summaryEvent && !event.summaryEvent.isPreview)
      state = event.summaryEvent.result === "succeeded" ? "deployed" : "failed";
  }
  return { stack, environment: environmentOf(stack), state, live: live.things };
}

const told = z.object({
  parent: z.string().optional(),
  outputs: z.record(z.string(), z.unknown()).optional(),
});
const eventSchema = z.object({
  resOutputsEvent: z
    .object({
      planning: z.boolean().optional(),
      metadata: z.object({
        op: z.string(),
        urn: z.string(),
        type: z.string(),
        new: told.nullish(),
        old: told.nullish(),
      }),
    })
    .optional(),
  summaryEvent: z.object({ isPreview: z.boolean().optional(), result: z.string().optional() }).optional(),
});

const nothingNamed = () =>
  new LecternError({
    code: "usage",
    severity: "error",
    path: "--report",
    message: "it is not known what was deployed",
    remedy: "Name what `lectern deploy --json` printed with --report, or of `pulumi up --json` with --events",
  });

const noEvents = (argument: string) =>
  new LecternError({
    code: "usage",
    severity: "error",
    path: "--events",
    message: `${JSON.stringify(argument)} does not name a stack and a file`,
    remedy: "Write STACK=FILE, such as prod=prod.jsonl",
  });
