import type { JSONInstruction } from "dockerfile-ast";
import {
  type BaseImage,
  type Finding,
  finding,
  inheritedSteps,
  type Stage,
  type Step,
} from "./dockerfile-stages.ts";
import { expand } from "./dockerfile-variables.ts";
import { unquoted, wordsOf } from "./dockerfile-words.ts";

/** The largest number of a user that container runtimes take. */
const LARGEST = 2_147_483_647;

const REMEDY = "End with USER and an unprivileged user, such as USER 1000:100";

/** A user that is root, or none. @param image what is known of the image that the stage is built on */
export function userFindings(stage: Stage, image?: BaseImage): Finding[] {
  const steps = inheritedSteps(stage);
  const step = steps.findLast(({ keyword }) => keyword === "USER");
  if (!step) {
    if (image) return findingsOf(image.user, stage.from, `the user of ${image.name}`, steps);
    return [finding(stage.from, "no-user", "no USER sets the user that the kernel runs as", REMEDY)];
  }
  const written = unquoted(wordsOf(step.instruction as JSONInstruction).words[0] ?? "") ?? "";
  const user = expand(written, step.variables);
  if (user === undefined) {
    const message = `the USER ${written} comes from a variable that ${image ? "neither the file nor its base image sets" : "the file doesn't set"}`;
    return [finding(step, "user-unknown", message, "Write the user's number, such as USER 1000")];
  }
  return findingsOf(user, step, "the last USER", steps);
}

function findingsOf(user: string, step: Step, what: string, steps: readonly Step[]): Finding[] {
  const [name = "", group = ""] = user.split(":").map((part) => part.trim());
  const shown = `${what}, ${JSON.stringify(user)},`;
  if (isRoot(name)) return [finding(step, "runs-as-root", `${shown} is root`, REMEDY)];
  if ([name, group].some((id) => /^\d+$/.test(id) && Number(id) > LARGEST)) {
    const message = `${shown} is beyond ${LARGEST}, so no container starts`;
    return [finding(step, "user-out-of-range", message, REMEDY)];
  }
  const making = steps.findLast((one) => uidMade(one, name) !== undefined);
  if (!making || !/^0+$/.test(uidMade(making, name) ?? "")) return [];
  const message = `${shown} is root: line ${making.line} gives it the number 0`;
  return [finding(step, "runs-as-root", message, "Give the user a number of its own, such as 1000")];
}

function isRoot(name: string): boolean {
  return name === "" || name.toLowerCase() === "root" || /^[+-]?0+$/.test(name);
}

/** The number that a RUN gives a user last, by the programs that make users or by a line of /etc/passwd. */
function uidMade({ keyword, instruction }: Step, user: string): string | undefined {
  if (keyword !== "RUN") return undefined;
  const { words, isList } = wordsOf(instruction as JSONInstruction);
  const text = isList ? words.join(" ") : (instruction.getArgumentsContent() ?? "");
  const commands = text.replaceAll(/\\\r?\n/g, " ").split(/[;&|\n]+/);
  const made = commands.map((command) => uidIn(command, user)).filter((uid) => uid !== undefined);
  return made.at(-1);
}

function uidIn(command: string, user: string): string | undefined {
  const [, named, number] = /(?:^|[\s'"])([\w-]+):[^:\s]*:(\d+):\d*:/.exec(command) ?? [];
  if (named === user) return number;
  const words = command.split(/\s+/).map((word) => unquoted(word) ?? word);
  const at = words.findIndex((word) => word !== "" && word !== "sudo" && !/^\w+=/.test(word));
  const program = words[at]?.split("/").at(-1) ?? "";
  if (!/^(?:useradd|adduser|usermod)$/.test(program) || !words.slice(at + 1).includes(user)) return undefined;
  const uids = words.slice(at + 1).flatMap((word, index, rest) => {
    const [option, uid] = /^(?:--uid=?|-[a-zA-Z]*u)(\d+)?$/.exec(word) ?? [];
    return option === undefined ? [] : [uid ?? rest[index + 1] ?? ""];
  });
  return uids.at(-1);
}
