import type { Command } from "commander";
import { ACTION_OUTCOMES } from "./action/outcomes.ts";
import { CALENDAR_OUTCOMES } from "./calendar/outcomes.ts";
import { CI_OUTCOMES } from "./ci/outcomes.ts";
import { CLUSTER_OUTCOMES } from "./cluster/outcomes.ts";
import { COMMENT_OUTCOMES } from "./comment/outcomes.ts";
import { DELEGATE_OUTCOMES } from "./delegate/outcomes.ts";
import { DEPLOY_OUTCOMES } from "./deploy/outcomes.ts";
import { DRIFT_OUTCOMES } from "./drift/outcomes.ts";
import { IMPORT_OUTCOMES } from "./import/outcomes.ts";
import { NOTIFY_OUTCOMES } from "./notify/outcomes.ts";
import type { Outcome } from "./outcome.ts";
import { PLAN_OUTCOMES } from "./plan/outcomes.ts";
import { PROVE_OUTCOMES } from "./prove/outcomes.ts";
import { REPORT_OUTCOMES } from "./report/outcomes.ts";
import { STACKS_OUTCOMES } from "./stacks/outcomes.ts";
import { STUDIO_OUTCOMES } from "./studio/outcomes.ts";
import { TICK_OUTCOMES } from "./tick/outcomes.ts";
import { UPGRADE_OUTCOMES } from "./upgrade/outcomes.ts";
import { VALUES_OUTCOMES } from "./values/outcomes.ts";

/** What exit code 2 means for every command. */
const WRONG_USAGE = "wrong usage: an unknown command or option, or a missing or invalid argument";

/** The outcome of every command, by its full name. */
export const OUTCOMES: Readonly<Record<string, Outcome>> = {
  validate: {
    examples: ["validate .", "validate catalog --warn missing-images", "validate catalog/courses --json"],
    success: "nothing has an error; warnings are allowed",
    failure: "at least one article, kernel, cluster or calendar has an error",
    json:
      "`articles`: one entry per article with `folder`, `kind`, `slug`, `fingerprint` (null where the article " +
      "has errors) and `problems`; `declarations`: the same for kernels, clusters and the calendar, without `fingerprint`; " +
      "`summary`: `articles`, `declarations`, `errors`, `warnings`, `seconds` and `notes`",
  },
  doctor: {
    examples: ["doctor", "doctor --stack staging", "doctor --stack prod --json"],
    success: "nothing is missing; a skipped check counts as none",
    failure: "at least one check failed",
    json:
      "`checks`: one entry per check with `state` (passed, failed or skipped), `message` and, unless it passed, " +
      "`fix`; `summary`: how many there are in each state",
  },
  "new course": scaffold(
    "course",
    "new course fair-dice",
    "new course fair-dice --title 'Is this die fair?'",
  ),
  "new blog": scaffold("blog", "new blog one-throw --kernel 'Python for Science'"),
  "new kernel": scaffold("kernel", "new kernel python-dice --title 'Python for Dice'"),
  "new cluster": scaffold("cluster", "new cluster campus"),
  "new event": scaffold("event", "new event linear-algebra", "new event algebra-exam --title 'Written exam'"),
  ...CALENDAR_OUTCOMES,
  ...PLAN_OUTCOMES,
  reference: {
    examples: ["reference"],
    success: "the files are written",
  },
  "images select": {
    examples: [
      "images select --tags tags.json --policy policy.yaml",
      "images select --repository ghcr.io/my-university/lab --policy policy.yaml",
    ],
    success: "the selection is printed",
    failure: "the policy, the tags or the repository has a problem; nothing is printed on standard output",
    json: "`prepull`: the images to hold ready, each with `tag` and `digest`; `menu`: `name`, `tag` and `digest`",
  },
  "profiles render": {
    examples: ["profiles render catalog/clusters/campus"],
    success: "the profile list is printed",
    failure: "a file of the cluster has a problem; nothing is printed on standard output",
    json: "KubeSpawner's `profile_list`, a list of profiles",
  },
  "gateway restart": {
    examples: ["gateway restart main --stack staging", "gateway restart main --stack prod --yes"],
    success: "the gateway was restarted on all of its hosts, and answers again",
    failure: "it was not restarted everywhere, does not answer afterwards, or nobody confirmed",
  },
  "gateway clean": {
    examples: [
      "gateway clean main --stack staging",
      "gateway clean main --stack prod --keep /srv/staging/kernels --yes",
    ],
    success: "images that nothing needs were removed from the hosts, or there were none",
    failure: "an image could not be removed, a host could not be asked, or nobody confirmed",
  },
  ...STACKS_OUTCOMES,
  ...STUDIO_OUTCOMES,
  ...TICK_OUTCOMES,
  ...CLUSTER_OUTCOMES,
  ...DELEGATE_OUTCOMES,
  ...DEPLOY_OUTCOMES,
  ...DRIFT_OUTCOMES,
  ...PROVE_OUTCOMES,
  ...REPORT_OUTCOMES,
  ...NOTIFY_OUTCOMES,
  ...COMMENT_OUTCOMES,
  ...VALUES_OUTCOMES,
  ...IMPORT_OUTCOMES,
  ...UPGRADE_OUTCOMES,
  ...ACTION_OUTCOMES,
  ...CI_OUTCOMES,
  "node-groups load": {
    examples: [
      "node-groups load infrastructure.json catalog/clusters/campus",
      "node-groups load infrastructure.json catalog/clusters/campus --remove gpu",
    ],
    success: "node-groups.json has the loaded groups",
    failure: "a file has a problem, or a group to remove is still used; nothing is written",
    json:
      "`file`; `written`: whether the file changed; `groups`: one entry per group with `slug`, `change` " +
      "(added, changed, unchanged or removed) and, if changed, `fields`",
  },
};

function scaffold(kind: string, ...examples: string[]): Outcome {
  return {
    examples,
    success: `the ${kind} is in the catalog, and passes validation`,
    failure: `the name is taken or invalid, or ${kind === "event" ? "there is no hub and no course" : "the kernel is unknown"}; nothing is written`,
    json: "`kind`, `folder` and `files`, relative to the folder",
  };
}

/** The exit codes of a command as lines `code  meaning`. */
export function exitCodes({ success, failure, no }: Outcome): (readonly [number, string])[] {
  const code = (number: number, meaning: string | undefined) =>
    meaning === undefined ? [] : [[number, meaning] as const];
  return [...code(0, success), ...code(1, failure), ...code(2, WRONG_USAGE), ...code(3, no)];
}

/** What has its own page, docs/reference/sandbox.md, and what people do not call. */
const DESCRIBED_ELSEWHERE: ReadonlySet<string> = new Set(["finish-upgrade", "sandbox"]);

/** The commands that do something, by their full names: `images select`. */
export function commandsOf(parent: Command, prefix = ""): [string, Command][] {
  return parent.commands.flatMap((command): [string, Command][] => {
    if (DESCRIBED_ELSEWHERE.has(command.name())) return [];
    const name = `${prefix}${command.name()}`;
    return command.commands.length === 0 ? [[name, command]] : commandsOf(command, `${name} `);
  });
}
