import type { Command } from "commander";
import { CLUSTER_OUTCOMES } from "./cluster/outcomes.ts";
import { DEPLOY_OUTCOMES } from "./deploy/outcomes.ts";
import { IMPORT_OUTCOMES } from "./import/outcomes.ts";
import type { Outcome } from "./outcome.ts";
import { STACKS_OUTCOMES } from "./stacks/outcomes.ts";
import { VALUES_OUTCOMES } from "./values/outcomes.ts";

/** What exit code 2 means for every command. */
const WRONG_USAGE = "wrong usage: an unknown command or option, or a missing or invalid argument";

/** The outcome of every command, by its full name. */
export const OUTCOMES: Readonly<Record<string, Outcome>> = {
  validate: {
    examples: ["validate .", "validate catalog --warn missing-images", "validate catalog/courses --json"],
    success: "nothing has an error; warnings are allowed",
    failure: "at least one article, kernel or cluster has an error",
    json:
      "`articles`: one entry per article with `folder`, `kind`, `slug`, `fingerprint` (null where the article " +
      "has errors) and `problems`; `declarations`: the same for kernels and clusters, without `fingerprint`; " +
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
  plan: {
    examples: ["plan preview.json", "plan -"],
    success: "the plan is printed",
    failure: "the plan has an error, or the document is no plan",
    json: "the plan: [run.schema.json](../schema/run.schema.json) without `outputs` and `progress`",
  },
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
  ...CLUSTER_OUTCOMES,
  ...DEPLOY_OUTCOMES,
  ...VALUES_OUTCOMES,
  ...IMPORT_OUTCOMES,
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
    failure: "the name is taken or invalid, or the kernel is unknown; nothing is written",
    json: "`kind`, `folder` and `files`, relative to the folder",
  };
}

/** The exit codes of a command as lines `code  meaning`. */
export function exitCodes({ success, failure }: Outcome): (readonly [number, string])[] {
  return [[0, success], ...(failure === undefined ? [] : [[1, failure] as const]), [2, WRONG_USAGE]];
}

/** What describes itself: its own page is docs/reference/sandbox.md. */
const DESCRIBED_ELSEWHERE: ReadonlySet<string> = new Set(["sandbox"]);

/** The commands that do something, by their full names: `images select`. */
export function commandsOf(parent: Command, prefix = ""): [string, Command][] {
  return parent.commands.flatMap((command): [string, Command][] => {
    if (DESCRIBED_ELSEWHERE.has(command.name())) return [];
    const name = `${prefix}${command.name()}`;
    return command.commands.length === 0 ? [[name, command]] : commandsOf(command, `${name} `);
  });
}
