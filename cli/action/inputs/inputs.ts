import { LecternError } from "../../../components/problem/problem.ts";
import { type InputName, InputReader, variableOf } from "./input-reader.ts";

/** The inputs whose values appear in no output, log or summary. */
const SECRETS = [
  "api-key",
  "repo-read-token",
  "gateway-token",
  "gateway-ssh-key",
  "config-passphrase",
] as const;

/** What belongs to articles alone. Keys of qBook may be there for a kernel, too: older workflows pass them. */
const OF_ARTICLES: readonly InputName[] = [
  "course-json-path",
  "article-type",
  "force-duplicate-questions",
  "draft",
  "course-custom-id",
];
const OF_KERNELS: readonly InputName[] = [
  "kernel-name",
  "kernel-display-name",
  "kernel-language",
  "kernel-image",
  "gateway",
  "gateway-token",
  "gateway-ssh-key",
];

/** Where Pulumi keeps the state. */
export interface Backend {
  readonly url: string;
  readonly passphrase: string | undefined;
}

/** What both kinds have. */
interface CommonInputs {
  readonly mode: "create" | "update";
  /** More settings of the stack, by their full keys. */
  readonly config: Readonly<Record<string, string>>;
  /** Without one, the state is thrown away. */
  readonly backend: Backend | undefined;
  readonly commitComment: boolean;
}

export interface ArticleInputs extends CommonInputs {
  readonly actionType: "article";
  readonly kind: "course" | "blog";
  readonly apiKey: string;
  readonly repoReadToken: string;
  readonly coursePath: string;
  readonly forceDuplicateQuestions: boolean;
  readonly pollSeconds: number;
  readonly pollAttempts: number;
  readonly customId: string;
}

export interface KernelInputs extends CommonInputs {
  readonly actionType: "kernel";
  readonly name: string;
  /** Empty in an update that keeps it. */
  readonly displayName: string;
  readonly language: string;
  readonly image: string;
  /** The gateway, as an entry of `lectern:gateways`. */
  readonly gateway: Readonly<Record<string, unknown>>;
  readonly gatewayToken: string;
  readonly sshKey: string;
}

export type Inputs = ArticleInputs | KernelInputs;

/** Where the mode does not fit what exists. */
export const modeRefused = (message: string, remedy: string) =>
  new LecternError({ code: "mode-refused", severity: "error", path: "mode", message, remedy });

/** The secrets among the inputs, whatever else is wrong with them. */
export const secretsIn = (environment: NodeJS.ProcessEnv): string[] =>
  SECRETS.map((name) => (environment[variableOf(name)] ?? "").trim()).filter((value) => value !== "");

/**
 * The inputs of a run.
 * @throws {LecternError} with everything that is wrong with them, and the matrix of what goes together
 */
export function readInputs(environment: NodeJS.ProcessEnv): Inputs {
  const reader = new InputReader(environment);
  const actionType = reader.choice("action-type", ["article", "kernel"]);
  const inputs = actionType === "kernel" ? kernelInputs(reader) : articleInputs(reader);
  reader.finish();
  return inputs;
}

function articleInputs(reader: InputReader): Inputs {
  const common = commonInputs(reader);
  reader.refuse(OF_KERNELS, "kernel", "article");
  const customId = reader.text("course-custom-id");
  if (common.mode === "create" && customId !== "") {
    reader.wrong(
      "course-custom-id",
      "mode create makes a new article, which has no ID yet",
      "Remove it, or set mode to update",
    );
  }
  if (common.mode === "update" && customId === "" && !common.backend) {
    reader.wrong(
      "course-custom-id",
      "mode update needs the ID of the article",
      "Set it, or add a backend-url",
    );
  }
  if (!/^[\w-]{0,128}$/.test(customId)) {
    reader.wrong("course-custom-id", "it is no ID of qBook", "Write letters, digits, - and _ alone");
  }
  reader.choice("draft", ["true", "false"]);
  reader.count("max-consecutive-errors");
  return {
    ...common,
    actionType: "article",
    kind: reader.choice("article-type", ["course", "blog"]),
    apiKey: reader.required("api-key"),
    repoReadToken: reader.text("repo-read-token"),
    coursePath: coursePath(reader),
    forceDuplicateQuestions: reader.choice("force-duplicate-questions", ["true", "false"]) === "true",
    pollSeconds: reader.count("poll-interval-seconds"),
    pollAttempts: reader.count("max-poll-attempts"),
    customId,
  };
}

function coursePath(reader: InputReader): string {
  const path = reader.text("course-json-path").replace(/^(\.\/+)+/, "");
  if (path.startsWith("/") || path.split("/").includes("..")) {
    reader.wrong("course-json-path", "it leaves the repository", "Write a path from the repository's root");
  }
  return path;
}

function kernelInputs(reader: InputReader): Inputs {
  const common = commonInputs(reader);
  reader.refuse(OF_ARTICLES, "article", "kernel");
  const name = reader.required("kernel-name");
  if (!/^[a-z0-9._-]*$/.test(name) || /^[._]/.test(name)) {
    reader.wrong(
      "kernel-name",
      "it is no name of a kernelspec",
      "Write lower-case letters, digits, . _ and -",
    );
  }
  const displayName =
    common.mode === "create" ? reader.required("kernel-display-name") : reader.text("kernel-display-name");
  return {
    ...common,
    actionType: "kernel",
    name,
    displayName,
    language: reader.text("kernel-language"),
    image: reader.required("kernel-image"),
    gateway: reader.required("gateway") === "" ? {} : reader.mapping("gateway"),
    gatewayToken: reader.text("gateway-token"),
    sshKey: reader.text("gateway-ssh-key"),
  };
}

function commonInputs(reader: InputReader): CommonInputs {
  const url = reader.text("backend-url");
  const passphrase = reader.text("config-passphrase") || undefined;
  const config = Object.entries(reader.mapping("config")).map(([key, value]): [string, string] => [
    key.includes(":") ? key : `lectern:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return {
    mode: reader.choice("mode", ["create", "update"]),
    config: Object.fromEntries(config),
    backend: url === "" ? undefined : { url, passphrase },
    commitComment: reader.choice("commit-comment", ["true", "false"]) === "true",
  };
}
