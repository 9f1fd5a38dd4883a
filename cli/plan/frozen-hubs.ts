import { existsSync } from "node:fs";
import { join } from "node:path";
import { frozenReason } from "../../components/calendar/frozen-reason.ts";
import { occurrencesAround } from "../../components/calendar/occurrence.ts";
import type { DeploymentPlan, HeldHub } from "../../plan/deployment/deployment-plan.ts";

/**
 * The hubs of a plan that an event freezes at a moment, with the last of such events: their stacks hold them, and an hourly
 * run makes up for it.
 * @param catalog its folder
 * @param now milliseconds since the epoch
 * @throws {LecternError} where the calendar can't be read
 */
export async function frozenHubs(
  catalog: string,
  { staging, prod }: Pick<DeploymentPlan, "staging" | "prod">,
  now: number,
): Promise<HeldHub[]> {
  const calendar = join(catalog, "calendar");
  if (!existsSync(calendar)) return [];
  const { readCalendar } = await import("../../components/calendar/read-calendar.ts");
  const freezing = occurrencesAround(await readCalendar(calendar), now, now + 1)
    .filter(({ freezeFrom, freezeUntil }) => freezeFrom <= now && now < freezeUntil)
    .sort((a, b) => b.freezeUntil - a.freezeUntil);
  return [...staging, ...prod].flatMap(({ cluster, hub }) => {
    const by = freezing.find((one) => one.hub === `${cluster}/${hub}`);
    return by ? [{ cluster, hub, reason: frozenReason(by) }] : [];
  });
}
