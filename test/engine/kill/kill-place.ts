import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Repository } from "../../sandbox/repository.ts";
import { LECTERN, type Operated, Pulumi } from "../pulumi.ts";
import type { KillGate, KillPoint } from "./kill-gate.ts";
import { KillServices, SERVICE_PARTS } from "./kill-services.ts";
import { killTree } from "./process-tree.ts";

const STACK = "sandbox";
const PRELOAD = new URL("report-host-steps.ts", import.meta.url).href;

/** A state as the file backend has it, as far as it is read here. */
interface SavedState {
  readonly resources?: readonly { readonly urn: string }[];
  readonly pending_operations?: readonly { readonly type: string; readonly resource: { urn: string } }[];
}

/** What there is in the end, wherever that is: it must not depend on what happened on the way. */
export interface EndState {
  readonly resources: readonly string[];
  readonly pending: readonly string[];
  readonly articles: readonly {
    readonly title: string;
    readonly status: string;
    readonly notebook: string;
  }[];
  /** Kernels of the gateway by their names, with their images. */
  readonly kernels: Readonly<Record<string, unknown>>;
  /** What the kernel service has built, once for each build. */
  readonly builds: readonly unknown[];
  /** The digest that the hub's alias names. */
  readonly recommended: string | undefined;
  /** How many kernels run on the gateway. */
  readonly running: number;
  /** What was prepared or thrown away on the gateway's host, and is still there. */
  readonly leftovers: readonly string[];
}

export interface Deployed extends Operated {
  /** What was done, in its order. */
  readonly points: readonly KillPoint[];
}

export interface Recovered extends Deployed {
  /** Whether Lectern asked a person if the article is on qBook. */
  readonly asked: boolean;
}

/**
 * A catalog on the real engine, with services that outlive it, so that the engine can be
 * killed whenever it has done something, again and again from the same beginning.
 */
export class KillPlace {
  readonly repository: Repository;
  readonly #folder: string;
  readonly #pulumi: Pulumi;
  readonly #services: KillServices;

  private constructor({ cli, folder, repository, services }: Parts) {
    this.repository = repository;
    this.#folder = folder;
    this.#services = services;
    this.#pulumi = new Pulumi({
      ...LECTERN,
      cli,
      folder: join(folder, "pulumi"),
      environment: { NODE_OPTIONS: `--import=${PRELOAD}`, LECTERN_KILL_GATE: services.hostSteps },
    });
  }

  /** Starts the services of a catalog, and makes an empty stack. */
  static async open(cli: string, repository: Repository): Promise<KillPlace> {
    const folder = mkdtempSync(join(tmpdir(), "lectern-kill-"));
    const services = await KillServices.open(folder, repository.catalog, STACK);
    const place = new KillPlace({ cli, folder, repository, services });
    await place.#pulumi.init(STACK);
    await place.#pulumi.configure(
      STACK,
      {
        "lectern:source": "folder",
        "lectern:pollInterval": "100",
        "lectern:settleTime": "0.5",
        "lectern:requestLimit": "1000000",
        "lectern:catalog": repository.catalog,
        ...services.config,
      },
      services.secretKeys,
    );
    return place;
  }

  async close(): Promise<void> {
    await this.#services.stop();
    rmSync(this.#folder, { recursive: true });
  }

  /** Keeps everything as it is now under a name. */
  save(name: string): void {
    for (const part of PARTS) copy(join(this.#folder, part), join(this.#folder, "saved", name, part));
  }

  /** Brings everything back to what it was when it was saved. */
  async restore(name: string): Promise<void> {
    await this.#services.restart(() => {
      for (const part of PARTS) copy(join(this.#folder, "saved", name, part), join(this.#folder, part));
    });
  }

  /** Deploys, and says what was done in which order. */
  async up(): Promise<Deployed> {
    this.#gate.watch(() => "pass");
    const operated = await this.#pulumi.run("up", STACK);
    return { ...operated, points: this.#gate.points };
  }

  /**
   * Deploys, and kills the engine with its plugins when it has done something; whoever waits for the reply
   * gets none. @returns what was done until then
   */
  async upKilledAt({ kind, number }: KillPoint): Promise<readonly KillPoint[]> {
    const { cli, project, environment } = this.#pulumi;
    const options = ["--yes", "--skip-preview", "--non-interactive", "--stack", STACK];
    const child = spawn(cli, ["up", ...options], { cwd: project, env: environment, stdio: "ignore" });
    const ended = once(child, "exit");
    let killed = false;
    this.#gate.watch((point) => {
      if (child.pid === undefined || point.kind !== kind || point.number !== number) return "pass";
      killTree(child.pid);
      killed = true;
      return "killed";
    });
    await ended;
    if (!killed) throw new Error(`the deployment ended without ${kind} #${number}`);
    return this.#gate.points;
  }

  /**
   * What a person does then: gives the lock back, deploys again, answers where Lectern asks, and has pending
   * creates forgotten, which the engine only warns of.
   */
  async recover(): Promise<Recovered> {
    await this.#must("cancel", "--yes", "--stack", STACK);
    const first = await this.up();
    const asked = !first.ok && first.diagnostics.some(({ message }) => message.includes("confirmAbsent"));
    if (asked) await this.#answer();
    const last = asked ? await this.up() : first;
    if ((this.#state().pending_operations ?? []).length > 0) {
      await this.#must("refresh", "--yes", "--skip-preview", "--clear-pending-creates", "--stack", STACK);
    }
    return { ...last, points: asked ? [...first.points, ...last.points] : first.points, asked };
  }

  async endState(): Promise<EndState> {
    const { resources = [], pending_operations: pending = [] } = this.#state();
    const { api } = this.#services;
    const specs = join(this.#folder, GATEWAY, "kernels");
    return {
      resources: resources.map(({ urn }) => urn).sort(),
      pending: pending.map(({ type, resource }) => `${type} ${resource.urn}`),
      articles: api.articles().map(({ customId, title, status }) => {
        return { title, status, notebook: JSON.stringify(api.article(customId)?.lessons) };
      }),
      kernels: Object.fromEntries(namesIn(specs).map((name) => [name, imageOf(join(specs, name))])),
      builds: this.#builds(),
      recommended: this.#services.recommended(),
      running: (await this.#services.runningKernels()).length,
      leftovers: namesIn(join(this.#folder, GATEWAY, ".lectern-kernels")),
    };
  }

  #builds(): readonly unknown[] {
    const file = join(this.#folder, "qbook/kernels.json");
    const builds: { buildId: string }[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
    return builds.map(({ buildId }) => buildId);
  }

  get #gate(): KillGate {
    return this.#services.gate;
  }

  /** A person looks at qBook, and says which article it is, or that there is none. */
  async #answer(): Promise<void> {
    const [there] = this.#services.api.articles();
    const answer = there ? { customId: there.customId } : { confirmAbsent: true };
    await this.#pulumi.configure(STACK, { "lectern:articles": JSON.stringify({ "course/bell": answer }) });
  }

  #state(): SavedState {
    const file = join(this.#folder, "pulumi/backend/.pulumi/stacks/lectern", `${STACK}.json`);
    return JSON.parse(readFileSync(file, "utf8")).checkpoint.latest ?? {};
  }

  async #must(...args: string[]): Promise<void> {
    const ended = await this.#pulumi.call(...args);
    if (!ended.ok) throw new Error(`pulumi ${args[0]}: ${ended.stdout}${ended.stderr}`);
  }
}

interface Parts {
  readonly cli: string;
  readonly folder: string;
  readonly repository: Repository;
  readonly services: KillServices;
}

const GATEWAY = "services/gateway";

/** All that a deployment changes. */
const PARTS = ["pulumi/backend", `pulumi/project/Pulumi.${STACK}.yaml`, ...SERVICE_PARTS];

function copy(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  if (existsSync(from)) cpSync(from, to, { recursive: true });
}

const namesIn = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder).sort() : []);

/** The image that a kernel's spec names; a folder without a spec is shown as it is. */
function imageOf(folder: string): unknown {
  const file = join(folder, "kernel.json");
  return existsSync(file)
    ? JSON.parse(readFileSync(file, "utf8")).metadata?.process_proxy?.config?.image_name
    : namesIn(folder);
}
