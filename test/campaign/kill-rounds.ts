import { isDeepStrictEqual } from "node:util";
import type { Side } from "../engine/hubs/kills/cluster-gate.ts";
import type { HubState } from "../engine/hubs/kills/hub-inspector.ts";
import type { DeclaredHub, KillsPlace } from "../engine/hubs/kills/kills-place.ts";
import { killAll } from "../engine/kill/process-tree.ts";
import type { Operated } from "../engine/pulumi.ts";
import { AGES, type Aged, faultsOf, removalFaults, VALUES } from "./round-faults.ts";

/** When a deployment is killed. */
export interface Kill {
  /** How many requests that write something have reached the cluster then. */
  readonly number: number;
  readonly side: Side;
  /** The engine alone, whose plugins go on with what they are at, or all of them. */
  readonly what: "engine" | "all";
}

/** What a round led to. */
export interface Round {
  /** The request at which the deployment was killed; undefined where it came to its end before. */
  readonly at: string | undefined;
  /** How many requests that write something the first deployment sent, where it was not killed and succeeded. */
  readonly writes: number | undefined;
  /** The revisions of each hub when it was killed. */
  readonly left: readonly string[];
  /** How many releases the next deployment healed. */
  readonly healed: number;
  /** What is not as it should be after it. */
  readonly wrong: readonly string[];
  readonly seconds: number;
}

const VOLUME = "PersistentVolumeClaim hub-db-dir";
const FOREVER = new Promise<void>(() => {});
const WRITES = /^(POST|PUT|PATCH|DELETE) /;
/** Renewals of Leases come whenever they like. */
const LEASE = /^PUT leases/;
/** Milliseconds for which plugins that were left behind may hold a release. */
const PATIENCE = 10 * 60_000;

/** Rounds of deployments that are killed: each begins with one hub more, and removes the oldest. */
export class KillRounds {
  readonly #place: KillsPlace;
  #index = 0;

  constructor(place: KillsPlace) {
    this.#place = place;
  }

  /** How many rounds it takes until there is a hub of each age, and one to remove. */
  get untilFull(): number {
    return Math.max(0, AGES.length - this.#index);
  }

  /** @param kill undefined where the deployment comes to its end */
  async run(kill: Kill | undefined): Promise<Round> {
    const begin = Date.now();
    const index = this.#index++;
    const hubs = AGES.flatMap((age, back) =>
      index >= back ? [{ age, name: `hub-${index - back + 1}` }] : [],
    );
    const removed = index >= AGES.length ? [`hub-${index - AGES.length + 1}`] : [];
    await this.#place.addVolumes(1);
    this.#declare(hubs.map(({ age, name }) => [name, VALUES[age]]));
    const before = await this.#states([...hubs.map(({ name }) => name), ...removed]);
    const first = await this.#deploy(kill);
    const left = await this.#states([...before.keys()]);
    const up = await this.#untilFree();
    const after = await this.#states([...before.keys()]);
    const wrong = up.ok ? [] : [`the next deployment fails: ${up.stdout}${up.stderr}`];
    for (const { age, name } of hubs) {
      const kept = before.get(name)?.objects.has(VOLUME) ? before : left;
      wrong.push(...faultsOf(name, age, kept.get(name), after.get(name)));
    }
    for (const name of removed) wrong.push(...removalFaults(name, before.get(name), after.get(name)));
    wrong.push(...(await this.#again(hubs, after)));
    killAll(first.survivors);
    return {
      at: first.at,
      writes: first.writes,
      left: [...left].map(([name, { revisions }]) => `${name}: ${revisions.at(-1) ?? "no record"}`),
      healed: up.diagnostics.filter(({ message }) => /interrupted/.test(message)).length,
      wrong,
      seconds: Math.round((Date.now() - begin) / 1000),
    };
  }

  /** Deploys until the request that the kill names; where it does not come, to the end. */
  async #deploy(kill: Kill | undefined) {
    let [count, at]: [number, string | undefined] = [0, undefined];
    const dead = Promise.withResolvers<void>();
    const { ok, survivors } = await this.#place.upKilledOrEnded(
      () =>
        new Promise<void>((resolve) => {
          this.#place.gate.onCall = ({ does, namespace }, on) => {
            // What goes on without its engine sees its requests through, once the engine is dead.
            if (at !== undefined) return kill?.what === "engine" ? dead.promise : FOREVER;
            if (on !== (kill?.side ?? "before") || !WRITES.test(does) || LEASE.test(does)) return;
            count += 1;
            if (count !== kill?.number) return;
            at = `${on} ${does} of ${namespace}`;
            resolve();
            return kill.what === "engine" ? dead.promise : FOREVER;
          };
        }),
      kill?.what,
    );
    dead.resolve();
    return { at, survivors, writes: ok ? count : undefined };
  }

  /** Deploys once nobody holds a release any more: what was left behind goes on for some time. */
  async #untilFree(): Promise<Operated> {
    for (const until = Date.now() + PATIENCE; ; ) {
      const up = await this.#place.up();
      const isHeld = /is being deployed by/.test(up.stdout + up.stderr);
      if (up.ok || !isHeld || Date.now() > until) return up;
    }
  }

  /** Deploys once more: only the hub that is rolled back in the next round changes, to what is not healthy. */
  async #again(hubs: readonly Aged[], states: States): Promise<string[]> {
    const failing = hubs.find(({ age }) => age === "upgraded")?.name;
    const declared = hubs.map(({ age, name }): [string, DeclaredHub] => [
      name,
      name === failing ? { values: VALUES["rolled back"].values } : VALUES[age],
    ]);
    this.#declare(declared);
    if (failing) this.#place.health.broken.add(failing);
    const again = await this.#place.up("--continue-on-error");
    if (failing) this.#place.health.broken.delete(failing);
    const wrong = again.ok === (failing === undefined) ? [] : [`unexpected: ${again.stdout}${again.stderr}`];
    const others = hubs.flatMap(({ name }) => (name === failing ? [] : [name]));
    const now = await this.#states(others);
    for (const name of others) {
      const changes = changesOf(again, name);
      if (changes.length > 0) wrong.push(`${name} changes again: ${changes.join(", ")}`);
      if (!isDeepStrictEqual(now.get(name), states.get(name))) wrong.push(`${name} is not what it was`);
    }
    return wrong;
  }

  #declare(hubs: readonly (readonly [string, DeclaredHub])[]): void {
    this.#place.declare(Object.fromEntries(hubs));
  }

  async #states(names: readonly string[]): Promise<States> {
    const { inspector } = this.#place;
    return new Map(
      await Promise.all(names.map(async (name) => [name, await inspector.stateOf(name)] as const)),
    );
  }
}

type States = ReadonlyMap<string, HubState>;

const changesOf = ({ steps }: Operated, hub: string) =>
  steps
    .filter(({ op, name }) => op !== "same" && op !== "read" && name.split("/").includes(hub))
    .map(({ op, type, name }) => `${op} ${type} ${name}`);
