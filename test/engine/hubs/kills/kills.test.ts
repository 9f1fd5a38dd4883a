import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { requireService } from "../../../services/require.ts";
import type { Operated } from "../../pulumi.ts";
import { findHubPrograms } from "../hub-place.ts";
import { holdAt } from "./hold-at.ts";
import { changedObjects, type HubState } from "./hub-inspector.ts";
import { KillsPlace } from "./kills-place.ts";
import { INSTALLING, type Left, type Moment, REMOVING, UPGRADING } from "./moments.ts";

// Each hub of one stack is held at another moment of its installation, then of its upgrade. One kill leaves them
// all there, and the next deployment has to heal them all.

const MINUTES = 60_000;
const HUBS = [...new Set([...INSTALLING, ...UPGRADING].map(({ hub }) => hub))];
/** How long the hubs may take to their moments. */
const HELD = { timeout: 4 * MINUTES, interval: 100 };
const VOLUME = "PersistentVolumeClaim hub-db-dir";

type States = ReadonlyMap<string, HubState>;

/** What became of the hubs. */
interface Outcome {
  readonly before: States;
  /** When the engine was killed. */
  readonly killed: States;
  readonly up: Operated;
  readonly healed: States;
  readonly again: Operated;
  readonly last: States;
}

requireService(
  "the real Pulumi with its Kubernetes plugin, and a Kubernetes API",
  findHubPrograms,
  ({ cli, programs }) => {
    let place: KillsPlace;
    beforeAll(async () => {
      place = await KillsPlace.start(cli, programs);
      await place.addVolumes(HUBS.length);
    }, 5 * MINUTES);
    afterAll(() => place?.stop());

    const declare = (values: object, removing: object) =>
      place.declare(
        Object.fromEntries(
          HUBS.map((hub) => [hub, { values: { ...values, ...(hub === REMOVING ? removing : {}) } }]),
        ),
      );

    const states = async () =>
      new Map(await Promise.all(HUBS.map(async (hub) => [hub, await place.inspector.stateOf(hub)] as const)));

    async function killed(moments: readonly Moment[]): Promise<void> {
      const missing = holdAt(moments, place.gate, place.health);
      await place.upKilled(() => vi.waitFor(() => expect([...missing]).toEqual([]), HELD));
      place.health.onRequest = () => {};
    }

    async function killAndHeal(moments: readonly Moment[]): Promise<Outcome> {
      const before = await states();
      await killed(moments);
      const left = await states();
      const up = await place.up();
      const healed = await states();
      const again = await place.up();
      return { before, killed: left, up, healed, again, last: await states() };
    }

    function stateIn(of: States, hub: string): HubState {
      const state = of.get(hub);
      if (state === undefined) throw new Error(`no hub ${hub}`);
      return state;
    }

    function expectLeft(state: HubState, { lease, revisions, hook }: Left): void {
      expect(state.namespace).toBe(true);
      expect(leaseOf(state)).toBe(lease);
      const statuses = state.revisions.map((revision) => revision.split(" ")[1]);
      expect(statuses.slice(-2)).toEqual(revisions);
      if (hook !== undefined) expect(state.hooks).toEqual([hook]);
    }

    function expectHealed({ killed: left, up, healed, again, last }: Outcome, { hub, healed: says }: Moment) {
      expect(up.ok, up.stdout + up.stderr).toBe(true);
      const messages = up.diagnostics.map(({ message }) => message);
      const said = messages.filter((message) => message.includes(`east/${hub}/hub`));
      if (says) expect(said).toContainEqual(expect.stringMatching(says));
      else expect(said).toEqual([]);
      const state = stateIn(healed, hub);
      expect(leaseOf(state)).toBe("free");
      expect(state.revisions.filter((revision) => /deployed|pending/.test(revision))).toEqual([
        expect.stringMatching(/^\d deployed$/),
      ]);
      expect(state.hooks).toEqual([]);
      for (const name of [VOLUME, "Secret hub"]) expectKept(name, stateIn(left, hub), state);
      expect(state.objects.get(VOLUME)?.["status"]).toMatchObject({ phase: "Bound" });
      expect(again.ok, again.stdout + again.stderr).toBe(true);
      expect(again.steps.filter(({ op }) => op !== "same" && op !== "read")).toEqual([]);
      expect(stateIn(last, hub)).toEqual(state);
    }

    describe("a first installation that was killed is healed by the next deployment", () => {
      let outcome: Outcome;
      beforeAll(async () => {
        declare({ greeting: "hello" }, { extra: true });
        outcome = await killAndHeal(INSTALLING);
      }, 10 * MINUTES);

      it.each(INSTALLING)("killed when $when", (moment) => {
        const { hub, left } = moment;
        const state = stateIn(outcome.killed, hub);
        expectLeft(state, left);
        const all = [...stateIn(outcome.healed, hub).objects.keys()];
        expect(all).toHaveLength(hub === REMOVING ? 12 : 11);
        expect([...state.objects.keys()]).toEqual(all.slice(0, all.indexOf(left.last ?? "") + 1));
        expectHealed(outcome, moment);
      });
    });

    describe("an upgrade that was killed is healed by the next deployment", () => {
      let outcome: Outcome;
      beforeAll(async () => {
        declare({ greeting: "hi", extra: true, sidecar: true, logLevel: "DEBUG" }, { extra: false });
        outcome = await killAndHeal(UPGRADING);
      }, 10 * MINUTES);

      it.each(UPGRADING)("killed when $when", (moment) => {
        const { hub, left } = moment;
        const [before, state] = [stateIn(outcome.before, hub), stateIn(outcome.killed, hub)];
        expectLeft(state, left);
        expect(changedObjects(before, state)).toEqual(left.changed);
        expectHealed(outcome, moment);
        const now = stateIn(outcome.healed, hub);
        expect(now.objects.get("ConfigMap hub")?.["data"]).toMatchObject({ greeting: "hi" });
        expect(now.objects.has("ConfigMap extra")).toBe(hub !== REMOVING);
        expectKept(VOLUME, before, now);
      });
    });
  },
);

/** What a hub's Lease says. */
function leaseOf({ lease }: HubState): Left["lease"] {
  if (lease === undefined) return "none";
  return lease.holder === undefined ? "free" : (lease.begun ?? "free");
}

/** That an object which was there is the same one, and a volume's claim is bound to the same volume. */
function expectKept(name: string, before: HubState, after: HubState): void {
  const object = before.objects.get(name);
  if (object === undefined) return;
  const now = after.objects.get(name);
  expect(now?.metadata.uid).toBe(object.metadata.uid);
  if (name === VOLUME) return;
  // It is generated once.
  expect(now?.["data"]).toMatchObject({ token: (object["data"] as Record<string, string>)["token"] });
}
