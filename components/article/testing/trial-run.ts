import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../resource/context/clock.ts";
import { makeContext, type ProviderContext, type Report } from "../../resource/context/context.ts";
import type { Properties } from "../../resource/provide.ts";
import { articleProvider } from "../article-provider.ts";
import { ledgerProvider } from "../creation/ledger-provider.ts";
import { fingerprintArticle } from "../source/fingerprint.ts";
import { type Contents, committed, git, writeCourse } from "./trial-course.ts";
import { deploy, type Running, type Saved, step, wire } from "./trial-engine.ts";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const SECRETS = { apiKey: "canary-key-4711", repoReadToken: "canary-token-0815" };

/** Where a run is killed: at its nth call, before or after the API did what it was asked. */
export interface Kill {
  readonly call: number;
  readonly when: "before" | "after";
}

export interface Run {
  /** What was thrown, as a person sees it; undefined where all went well. */
  readonly error?: string;
  readonly lines: readonly string[];
  /** Calls to the API, `POST /learn/articles/course/ingest`. */
  readonly calls: readonly string[];
  readonly killed: boolean;
}

interface UpOptions {
  readonly kill?: Kill;
  readonly signal?: AbortSignal;
  readonly process?: TrialProcess;
}

interface Watched extends Running {
  readonly lines: string[];
  readonly calls: string[];
}

let runs = 0;

/**
 * For tests: one course in a repository of its own, deployed run after run, and the state of a stack
 * that has nothing else.
 */
export class Trial {
  readonly root = mkdtempSync(join(tmpdir(), "lectern-article-"));
  readonly folder = join(this.root, "courses", "bell");
  readonly id = "course/bell";
  /** The stack's configuration. */
  readonly config: Record<string, string>;
  /** What the program adds to the article's inputs. */
  inputs: Properties = {};
  #ledger: Saved | undefined;
  #article: Saved | undefined;

  constructor(apiUrl: string, config: Record<string, string> = {}) {
    const times = { pollInterval: "2", requestTimeout: "5", settleTime: "0.01" };
    this.config = { apiUrl, source: "folder", ...times, ...SECRETS, ...config };
    mkdirSync(this.folder, { recursive: true });
    this.write();
    cpSync(committed(), this.root, { recursive: true });
  }

  /** Writes the course; what is given differs from the course that is there at first. */
  write(contents: Contents = {}): void {
    writeCourse(this.folder, contents);
  }

  git(...args: string[]): void {
    git(this.root, ...args);
  }

  /** The saved outputs of the article, as the engine keeps them. */
  get saved(): Properties | undefined {
    return this.#article?.outs;
  }

  /** The inputs that it was deployed with. */
  get savedInputs(): Properties {
    return this.#article?.inputs ?? {};
  }

  /** Everything that the engine keeps, as text. */
  get stateText(): string {
    return JSON.stringify([this.#ledger, this.#article]);
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  preview(): Promise<Run> {
    return this.#run({}, async (running) => {
      const inputs = await this.#wanted();
      await step(ledgerProvider, this.#ledger, inputs, running.context);
      const announces =
        !this.#ledger || (await ledgerProvider.diff("", this.#ledger.outs, inputs, running.context)).changes;
      const ledger = announces ? UNKNOWN : this.#ledger?.outs["token"];
      await step(articleProvider, this.#article, { ...inputs, ledger }, running.context);
    });
  }

  /** One deployment, in a process of its own where none is given. `signal` interrupts it. */
  up(options: UpOptions = {}): Promise<Run> {
    return this.#run(options, async (running) => {
      const inputs = await this.#wanted();
      const keepLedger = (saved: Saved | undefined) => {
        this.#ledger = saved;
      };
      await deploy(ledgerProvider, this.#ledger, inputs, running, keepLedger);
      const ledger = this.#ledger?.outs["token"];
      await deploy(articleProvider, this.#article, { ...inputs, ledger }, running, (saved) => {
        this.#article = saved;
      });
    });
  }

  refresh(): Promise<Run> {
    return this.#run({}, async ({ context }) => {
      const saved = this.#article;
      if (!saved) return;
      const { props = {} } = await articleProvider.read(saved.id, saved.outs, context);
      this.#article = { ...saved, outs: wire(props) };
    });
  }

  destroy(): Promise<Run> {
    return this.#run({}, async ({ context }) => {
      if (this.#article) await articleProvider.delete(this.id, this.#article.outs, context);
      this.#article = undefined;
      this.#ledger = undefined;
    });
  }

  async #wanted(): Promise<Properties> {
    const { article } = await fingerprintArticle(this.folder, "course");
    const { title = "bell", fingerprint = "" } = article ?? {};
    const base = { kind: "course", slug: "bell", folder: this.folder, title, fingerprint };
    return { article: this.id, ...base, declaredKernels: [], ...this.inputs };
  }

  async #run(options: UpOptions, act: (running: Watched) => Promise<void>): Promise<Run> {
    const process = options.process ?? new TrialProcess(this.config, options.signal);
    const running = process.begin(options.kill);
    const { lines, calls, dead } = running;
    try {
      await act(running);
      return { lines, calls, killed: dead() };
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      return { ...(dead() ? {} : { error: text }), lines, calls, killed: dead() };
    }
  }
}

/** A process that hosts the providers: its context outlives a deployment. */
export class TrialProcess {
  readonly context: ProviderContext;
  #fetch: typeof fetch = fetch;
  #report: (report: Report) => void = () => {};

  constructor(config: Readonly<Record<string, string>>, signal?: AbortSignal) {
    runs += 1;
    this.context = makeContext({
      raw: (key) => config[key],
      fetch: (...args) => this.#fetch(...args),
      clock: systemClock,
      report: (report) => this.#report(report),
      run: `run-${runs}`,
      signal,
    });
  }

  /** Begins a deployment, whose calls and lines are noted, and which may be killed. */
  begin(kill?: Kill): Watched {
    const lines: string[] = [];
    const calls: string[] = [];
    let dead = false;
    this.#fetch = async (input, init) => {
      if (dead) throw new Error("this process is dead");
      calls.push(`${init?.method ?? "GET"} ${new URL(String(input)).pathname.replace("/api/v1", "")}`);
      const dies = kill?.call === calls.length;
      dead = dies;
      if (dies && kill?.when === "before") throw new Error("killed before it was sent");
      const response = await fetch(input, init);
      if (dies) throw new Error("killed before the answer was read");
      return response;
    };
    this.#report = ({ severity, resource, message }) =>
      void lines.push(
        [resource, severity === "info" ? undefined : severity, message].filter(Boolean).join(": "),
      );
    return { context: this.context, lines, calls, dead: () => dead };
  }
}
