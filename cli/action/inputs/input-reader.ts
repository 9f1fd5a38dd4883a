import { didYouMean } from "../../../components/problem/nearest.ts";
import { LecternError, type Problem } from "../../../components/problem/problem.ts";
import { parseYaml } from "../../../components/problem/yaml-file.ts";

/** The inputs of action.yml with their defaults; an empty one counts as not given. */
export const DEFAULTS = {
  "action-type": "article",
  mode: "create",
  "api-key": "",
  "repo-read-token": "",
  "course-json-path": "course.json",
  "article-type": "course",
  "force-duplicate-questions": "false",
  draft: "false",
  "max-poll-attempts": "20",
  "poll-interval-seconds": "15",
  "max-consecutive-errors": "5",
  "course-custom-id": "",
  "kernel-name": "",
  "kernel-display-name": "",
  "kernel-language": "python",
  "kernel-image": "",
  gateway: "",
  "gateway-token": "",
  "gateway-ssh-key": "",
  config: "",
  "backend-url": "",
  "config-passphrase": "",
  "commit-comment": "true",
} as const;

export type InputName = keyof typeof DEFAULTS;

/** Which inputs go together, for whoever mixed them. */
const MATRIX = `The inputs that go together:
  action-type  mode    article-type    required
  article      create  course or blog  api-key
  article      update  course or blog  api-key, course-custom-id (not with a backend-url that knows the article)
  kernel       create  -               kernel-name, kernel-display-name, kernel-image, gateway
  kernel       update  -               kernel-name, kernel-image, gateway`;

/** The variable that action.yml hands an input over in. */
export const variableOf = (name: InputName) => `INPUT_${name.toUpperCase().replaceAll("-", "_")}`;

/** Reads inputs and collects what is wrong with them; their values are in no message, as one may be a secret. */
export class InputReader {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #problems = new Map<string, Problem>();

  constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment;
  }

  text(name: InputName): string {
    const value = (this.#environment[variableOf(name)] ?? "").trim();
    return value === "" ? DEFAULTS[name] : value;
  }

  required(name: InputName): string {
    const value = this.text(name);
    if (value === "") this.wrong(name, "it is required", "Set it in the step's `with`");
    return value;
  }

  choice<T extends string>(name: InputName, choices: readonly [T, ...T[]]): T {
    const value = this.text(name);
    const found = choices.find((choice) => choice === value);
    if (found !== undefined) return found;
    const fallback = `Write ${choices.join(" or ")}`;
    this.wrong(name, `it is not ${choices.join(" or ")}`, didYouMean(value, choices, fallback));
    return choices[0];
  }

  count(name: InputName): number {
    const value = this.text(name);
    if (!/^[1-9]\d{0,5}$/.test(value)) this.wrong(name, "it is no whole number from 1", "Write one");
    return Number(value);
  }

  mapping(name: InputName): Record<string, unknown> {
    const text = this.text(name);
    if (text === "") return {};
    const { value, problems } = parseYaml(text, "");
    if (problems.length === 0 && typeof value === "object" && value !== null && !Array.isArray(value)) {
      return { ...value };
    }
    this.wrong(name, "it is no mapping in YAML", "Write `key: value` lines");
    return {};
  }

  /** Reports the inputs of the other action type that differ from their defaults. */
  refuse(names: readonly InputName[], theirs: string, own: string): void {
    for (const name of names) {
      if (this.text(name) === DEFAULTS[name]) continue;
      this.wrong(name, `it belongs to action-type ${theirs}, and this is ${own}`, "Remove it");
    }
  }

  wrong(name: InputName, message: string, remedy: string): void {
    if (this.#problems.has(name)) return;
    this.#problems.set(name, { code: "wrong-input", severity: "error", path: name, message, remedy });
  }

  /** @throws {LecternError} with every problem */
  finish(): void {
    const problems = [...this.#problems.values()];
    if (problems.length === 0) return;
    const error = new LecternError(problems);
    error.message = `${error.message}\n${MATRIX}`;
    throw error;
  }
}
