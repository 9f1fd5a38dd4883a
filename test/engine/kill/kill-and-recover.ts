import { expect } from "vitest";
import type { KillPoint } from "./kill-gate.ts";
import type { EndState, KillPlace } from "./kill-place.ts";

/** Milliseconds for one kill with what follows. */
export const LIMIT = 300_000;

/** The restart's command, which a shell runs and marks as done. */
export const RESTART: KillPoint = { kind: "host run sh", number: 1 };

/** What a run that nothing disturbs leads to. */
export interface Undisturbed {
  readonly end: EndState;
  readonly points: readonly KillPoint[];
}

export interface KilledAndRecovered {
  readonly end: EndState;
  /** How often the gateway was restarted, before the kill and after. */
  readonly restarts: number;
  /** Whether Lectern asked a person if the article is on qBook. */
  readonly asked: boolean;
}

/** Deploys in peace. */
export async function undisturbed(place: KillPlace): Promise<Undisturbed> {
  const { ok, points, stdout } = await place.up();
  expect(ok, stdout).toBe(true);
  const end = await place.endState();
  expect([end.pending, end.leftovers, end.running]).toEqual([[], [], 0]);
  return { end, points };
}

/** Kills a deployment there, and runs it again as a person would. @param from the name of what was saved */
export async function killAndRecover(
  place: KillPlace,
  point: KillPoint,
  from: string,
): Promise<KilledAndRecovered> {
  await place.restore(from);
  const before = await place.upKilledAt(point);
  const { ok, stdout, points, asked } = await place.recover();
  expect(ok, stdout).toBe(true);
  const restarts = [...before, ...points].filter(({ kind }) => kind === RESTART.kind).length;
  return { end: await place.endState(), restarts, asked };
}

/** For `it.each`: each point with its name. */
export const named = (points: readonly KillPoint[]) => points.map((point) => ({ at: nameOf(point), point }));

const nameOf = ({ kind, number }: KillPoint) => (number === 1 ? kind : `${kind}, the ${number}. time`);

export const kindsOf = (points: readonly KillPoint[]) => [...new Set(points.map(({ kind }) => kind))].sort();
