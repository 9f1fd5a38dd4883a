import { z } from "zod";
import { FROZEN } from "../../components/calendar/frozen-reason.ts";
import { counted, environmentName, listed, shortened } from "../comment/text/wording.ts";
import { type LiveThing, liveThing } from "./live-thing.ts";

const passedFreeze = z.object({
  /** `kernel/python-science` */
  id: z.string(),
  /** `frozen until 2026-10-05 11:00 (Europe/Rome) for the lecture Linear algebra` */
  hold: z.string(),
  /** Why a person went on. */
  reason: z.string(),
});
type PassedFreeze = Readonly<z.infer<typeof passedFreeze>>;

/** What warnings of a deployment say of what went through a freeze. */
export function passedIn(warnings: readonly string[]): PassedFreeze[] {
  return warnings.flatMap((text) => {
    const [, id, hold, reason] = PASSED.exec(text) ?? [];
    return id !== undefined && hold !== undefined && reason !== undefined ? [{ id, hold, reason }] : [];
  });
}

const PASSED = new RegExp(
  `^(\\S+) goes through the gate until \\S+, although (${FROZEN} .+?\\) for the .+?): (.+)$`,
  "s",
);

/** What a deployment of a stack came to. */
export const deployedStack = z.object({
  stack: z.string(),
  environment: z.string(),
  state: z.enum(["deployed", "failed", "interrupted", "not started"]),
  live: z.array(liveThing).readonly().default([]),
  /** What was deployed although an event of the calendar freezes it. */
  throughFreeze: z.array(passedFreeze).readonly().exactOptional(),
});
export type DeployedStack = Readonly<z.infer<typeof deployedStack>>;

/** A notification, before it is put into the form of a service. Texts in it are other people's. */
export interface Notification {
  /** One line without any text of other people. */
  readonly title: string;
  readonly sections: readonly Section[];
  readonly run?: string;
}

interface Section {
  /** `In production, for students and the users of hubs` */
  readonly heading: string;
  readonly lines: readonly Line[];
}

/** `course "Bell states" was updated`, with a link. */
export interface Line {
  readonly kind: string;
  readonly name: string;
  readonly url?: string;
  readonly rest: string;
}

/** How many things of an environment are named. */
const MOST = 20;
const LONGEST_NAME = 120;
const LONGEST_URL = 500;

/** What there is to tell; undefined where nothing went live, and nothing failed. */
export function notificationOf(stacks: readonly DeployedStack[], run?: string): Notification | undefined {
  const environments = [...new Set(stacks.map(({ environment }) => environment))];
  const live = environments.flatMap((environment) => {
    const things = stacks.filter((one) => one.environment === environment).flatMap((one) => one.live);
    return things.length === 0 ? [] : [{ environment, things }];
  });
  const failed = stacks.filter(({ state }) => state !== "deployed");
  const passed = stacks.flatMap(({ throughFreeze = [] }) => throughFreeze);
  if (live.length + failed.length === 0) return undefined;
  return {
    title: titleOf(live, failed.length),
    sections: [
      ...live.map(({ environment, things }) => ({ heading: headingOf(environment), lines: linesOf(things) })),
      ...(passed.length === 0
        ? []
        : [{ heading: "Deployed although an event froze it", lines: passed.slice(0, MOST).map(passedLine) }]),
      ...(failed.length === 0 ? [] : [{ heading: "Not deployed", lines: failedLines(failed) }]),
    ],
    ...(run === undefined ? {} : { run }),
  };
}

interface LiveEnvironment {
  readonly environment: string;
  readonly things: readonly LiveThing[];
}

function titleOf(live: readonly LiveEnvironment[], failed: number): string {
  const changes = live.map(
    ({ environment, things }) => `${counted(things.length, "change")} ${placeOf(environment)}`,
  );
  const failures = failed === 0 ? [] : [`${counted(failed, "stack")} not deployed`];
  const text = listed([...changes, ...failures], 5);
  return changes.length === 0 ? `Deployment: ${text}` : `Live: ${text}`;
}

const placeOf = (environment: string) =>
  environment === "prod" ? "in production" : environment === "staging" ? "on staging" : "elsewhere";

function headingOf(environment: string): string {
  if (environment === "prod") return "In production, for students and the users of hubs";
  if (environment === "staging") return "On staging, for those who review it";
  return `In ${environmentName(environment)}`;
}

/** What people have a name for comes first. */
function linesOf(things: readonly LiveThing[]): Line[] {
  const sorted = [...things].sort((a, b) => Number(a.id === undefined) - Number(b.id === undefined));
  const lines = sorted.slice(0, MOST).map(lineOf);
  const missing = sorted.length - lines.length;
  return missing === 0 ? lines : [...lines, { kind: "", name: "", rest: `… and ${missing} more` }];
}

function lineOf({ id, label, change, title, url }: LiveThing): Line {
  const [kind = "", ...name] = id === undefined ? label.split(" ") : id.split(/\/(.*)/s);
  const isShown = url !== undefined && url.length <= LONGEST_URL;
  return {
    kind,
    name: shortened(title ?? name.join(" ").trim(), LONGEST_NAME),
    ...(isShown ? { url } : {}),
    rest: change === "created" ? "is new" : `was ${change}`,
  };
}

/** What other people wrote is its kind and its name. */
const passedLine = ({ id, hold, reason }: PassedFreeze): Line => ({
  kind: shortened(`${id}, ${hold}:`, LONGEST_NAME * 2),
  name: shortened(reason, LONGEST_NAME),
  rest: "",
});

function failedLines(stacks: readonly DeployedStack[]): Line[] {
  const lines = stacks.slice(0, MOST).map(({ stack, state }) => ({
    kind: "stack",
    name: shortened(stack, LONGEST_NAME),
    rest: state === "not started" ? "was not started" : state === "failed" ? "failed" : "was interrupted",
  }));
  const missing = stacks.length - lines.length;
  return missing === 0 ? lines : [...lines, { kind: "", name: "", rest: `… and ${missing} more` }];
}
