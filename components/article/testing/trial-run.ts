import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../resource/host.ts";
import type { Host, Properties } from "../../resource/provider.ts";
import { articleProvider } from "../article-provider.ts";
import { ledgerProvider } from "../ledger-provider.ts";
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
    this.config = { apiUrl, source: "folder", pollInterval: "2", requestTimeout: "5", ...SECRETS, ...config };
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

  /** Everything that the engine keeps, as text. */
  get stateText(): string {
    return JSON.stringify([this.#ledger, this.#article]);
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  preview(): Promise<Run> {
    return this.#run(undefined, undefined, async (running) => {
      const inputs = await this.#wanted();
      await step(ledgerProvider, this.#ledger, inputs, running.host);
      const announces =
        !this.#ledger || (await ledgerProvider.diff("", this.#ledger.outs, inputs, running.host)).changes;
      const ledger = announces ? UNKNOWN : this.#ledger?.outs["token"];
      await step(articleProvider, this.#article, { ...inputs, ledger }, running.host);
    });
  }

  /** One deployment. `stop` interrupts it. */
  up(options: { kill?: Kill; signal?: AbortSignal; run?: string } = {}): Promise<Run> {
    return this.#run(options.kill, options, async (running) => {
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
    return this.#run(undefined, undefined, async ({ host }) => {
      const saved = this.#article;
      if (!saved) return;
      const { props = {} } = (await articleProvider.read?.(saved.id, saved.outs, host)) ?? {};
      this.#article = { ...saved, outs: wire(props) };
    });
  }

  destroy(): Promise<Run> {
    return this.#run(undefined, undefined, async ({ host }) => {
      if (this.#article) await articleProvider.delete?.(this.id, this.#article.outs, host);
      this.#article = undefined;
      this.#ledger = undefined;
    });
  }

  async #wanted(): Promise<Properties> {
    const { article } = await fingerprintArticle(this.folder, "course");
    const { title = "bell", fingerprint = "", parts = {} } = article ?? {};
    const base = { kind: "course", slug: "bell", folder: this.folder, title, fingerprint, parts };
    return { article: this.id, ...base, declaredKernels: [], ...this.inputs };
  }

  async #run(
    kill: Kill | undefined,
    options: { signal?: AbortSignal; run?: string } | undefined,
    act: (running: Watched) => Promise<void>,
  ): Promise<Run> {
    runs += 1;
    const running = start(this.config, options?.run ?? `run-${runs}`, kill, options?.signal);
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

function start(config: Record<string, string>, run: string, kill?: Kill, signal?: AbortSignal): Watched {
  const lines: string[] = [];
  const calls: string[] = [];
  let dead = false;
  const mortal: typeof fetch = async (input, init) => {
    if (dead) throw new Error("this process is dead");
    calls.push(`${init?.method ?? "GET"} ${new URL(String(input)).pathname.replace("/api/v1", "")}`);
    const dies = kill?.call === calls.length;
    dead = dies;
    if (dies && kill?.when === "before") throw new Error("killed before it was sent");
    const response = await fetch(input, init);
    if (dies) throw new Error("killed before the answer was read");
    return response;
  };
  const host: Host = {
    config: (key) => config[key],
    fetch: mortal,
    clock: systemClock,
    progress: (line) => void lines.push(line),
    run,
    ...(signal ? { signal } : {}),
  };
  return { host, lines, calls, dead: () => dead };
}
