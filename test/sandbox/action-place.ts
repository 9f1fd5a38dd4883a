import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { readOutputs } from "../../cli/action/report/testing/read-outputs.ts";
import { startQbook } from "../../sandbox/services/qbook/qbook.ts";
import { StandIns } from "../../sandbox/services/stand-ins.ts";
import { notebook } from "./repository.ts";

/** In no output, log or summary of any run. */
export const CANARIES = {
  apiKey: "canary-key-71c2f09e",
  token: "canary-token-5d20aa17",
  passphrase: "canary-passphrase-e80b",
} as const;

/** The inputs that lead to qBook, with short waits. */
export const ARTICLE = {
  "api-key": CANARIES.apiKey,
  "repo-read-token": CANARIES.token,
  "poll-interval-seconds": "1",
  "max-poll-attempts": "60",
  config: "{settleTime: 0.5}",
};

/** A kernel, without its image and gateway. */
export const KERNEL = {
  "action-type": "kernel",
  "kernel-name": "python-dice",
  "kernel-display-name": "Python for Dice",
};

/** What a run of the action left: as its step would see it. */
export interface ActionRun {
  readonly code: number | null;
  /** Standard output and error. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** An author's repository with a remote, and the services that its action deploys to. */
export interface ActionPlace {
  readonly root: string;
  readonly qbook: Awaited<ReturnType<typeof startQbook>>;
  /** The inputs that lead to the gateway. */
  readonly gateway: Readonly<Record<string, string>>;
  readonly kernels: string;
  write(path: string, content: string | object): void;
  commit(): void;
  /** Runs the step of action.yml; inputs as a workflow has them in `with`. */
  run(inputs: Readonly<Record<string, string>>, environment?: NodeJS.ProcessEnv): Promise<ActionRun>;
  /** What was sent to qBook since this was last asked. */
  writes(): string[];
  close(): Promise<void>;
}

export async function openActionPlace(): Promise<ActionPlace> {
  const folder = mkdtempSync(join(tmpdir(), "lectern-action-test-"));
  const root = join(folder, "fair-dice");
  const git = repositoryIn(root, join(folder, "physics", "fair-dice.git"));
  const qbook = await startQbook({ folder: join(folder, "qbook"), apiKey: CANARIES.apiKey, latency: 50 });
  const standIns = new StandIns(join(folder, "services"));
  const [registry, gateway] = await standIns.use(["registry", "gateway"]);
  const settings = JSON.parse(gateway?.config["lectern:gateways"] ?? "{}").sandbox;
  let seen = 0;
  const environment = (files: string) => ({
    PATH: process.env["PATH"],
    HOME: folder,
    NO_COLOR: "1",
    GITHUB_WORKSPACE: root,
    GITHUB_OUTPUT: join(files, "output"),
    GITHUB_STEP_SUMMARY: join(files, "summary"),
    QBRAID_API_BASE_URL: qbook.url,
  });
  return {
    root,
    qbook,
    kernels: settings.specsFolder,
    gateway: {
      gateway: JSON.stringify(settings),
      "gateway-token": gateway?.config["lectern:gatewayToken"] ?? "",
      config: JSON.stringify({ registries: JSON.parse(registry?.config["lectern:registries"] ?? "{}") }),
    },
    write: (path, content) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(
        join(root, path),
        typeof content === "string" ? content : JSON.stringify(content, null, 1),
      );
    },
    commit: () => {
      git("add", "--all");
      git("commit", "--quiet", "--allow-empty", "--message=change");
      git("push", "--quiet", "origin", "main");
    },
    run: (inputs, extra = {}) => {
      const files = mkdtempSync(join(folder, "run-"));
      return call(files, { ...environment(files), ...variables(inputs), ...extra });
    },
    writes: () => {
      const calls = qbook.calls();
      const fresh = calls.slice(seen).filter(({ method }) => method !== "GET");
      seen = calls.length;
      return fresh.map(({ method, path }) => `${method} ${path}`);
    },
    close: async () => {
      await qbook.stop();
      await standIns.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A course.json with one chapter, whose path starts at the repository's root. */
function courseJson(title: string, baseFilePath = "notebooks/1.ipynb"): object {
  return {
    courseName: title,
    courseDescription: "A course for tests.",
    visibility: "public",
    imageLink: { darkLogo: "", lightLogo: "" },
    tags: ["test"],
    deployedTo: ["qbraid.com"],
    content: [
      {
        chapterName: "Chapter 1",
        chapterFileName: "1.ipynb",
        baseFilePath,
        chapterNumber: 1,
        kernelName: "python3",
        kernelId: "QBraid Python",
      },
    ],
  };
}

/** Commits a course of one chapter. */
export function writeCourse(place: ActionPlace, title: string, text = "A die.", path = "course.json"): void {
  place.write(path, courseJson(title));
  place.write("notebooks/1.ipynb", notebook(text));
  place.commit();
}

function repositoryIn(root: string, remote: string): (...args: string[]) => void {
  mkdirSync(root, { recursive: true });
  const git = (...args: string[]) =>
    void execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@example.org", ...args], {
      cwd: root,
    });
  execFileSync("git", ["init", "--quiet", "--bare", remote]);
  git("init", "--quiet", "--initial-branch=main");
  git("remote", "add", "origin", remote);
  return git;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly runs: {
    readonly steps: readonly { readonly id?: string; readonly run: string; readonly env: Env }[];
  };
}
type Env = Readonly<Record<string, string>>;

const ACTION: Action = parse(readFileSync(resolve("action.yml"), "utf8"));
const DEPLOY = ACTION.runs.steps.find(({ id }) => id === "deploy");

/** The variables of the step, as GitHub fills them in. The tests' GitHub gives no token. */
function variables(inputs: Readonly<Record<string, string>>): Env {
  const unknown = Object.keys(inputs).filter((name) => ACTION.inputs[name] === undefined);
  if (unknown.length > 0) throw new Error(`action.yml has no input ${unknown.join(", ")}`);
  const filled = Object.entries(DEPLOY?.env ?? {}).flatMap(([variable, text]) => {
    const [, name] = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(text) ?? [];
    return name === undefined ? [] : [[variable, inputs[name] ?? ACTION.inputs[name]?.default ?? ""]];
  });
  return Object.fromEntries(filled);
}

/** Runs the script of action.yml's own step, as a runner does. */
function call(files: string, environment: NodeJS.ProcessEnv): Promise<ActionRun> {
  const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", DEPLOY?.run ?? "exit 99"], {
    cwd: files,
    env: { ...environment, GITHUB_ACTION_PATH: resolve(".") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => (log += text));
  return new Promise((settle, fail) => {
    child.on("error", fail);
    child.on("close", (code) =>
      settle({ code, log, outputs: readOutputs(textOf(files, "output")), summary: textOf(files, "summary") }),
    );
  });
}

function textOf(folder: string, name: string): string {
  try {
    return readFileSync(join(folder, name), "utf8");
  } catch {
    return "";
  }
}
