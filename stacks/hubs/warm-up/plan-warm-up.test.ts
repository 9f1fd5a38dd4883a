import { describe, expect, it } from "vitest";
import { readCalendarFile } from "../../../components/calendar/file/calendar-file.ts";
import { instantText } from "../../../components/cluster/warm-up/windows.ts";
import type { RenderedProfile } from "../../../components/hub/profiles/profile-list.ts";
import type { JsonObject } from "../../../components/json.ts";
import { planWarmUp } from "./plan-warm-up.ts";
import { plannedHub, someProfile } from "./testing/planned-hub.ts";

const NOW = Date.parse("2026-10-01T12:00:00Z");
const LAB = `ghcr.io/campus/lab@sha256:${"a".repeat(64)}`;

const calendar = (lines: string) =>
  readCalendarFile(
    `timeZone: Europe/Rome
events:
  - id: algebra-lecture
    kind: lecture
    title: Linear algebra
    hub: campus/prod
    start: 2026-10-19T09:15
    end: 2026-10-19T11:00
    repeat: FREQ=WEEKLY;COUNT=3
    people: 300
${lines}`,
    "catalog/calendar/autumn.yaml",
  ).events;

const RENDERED = [
  someProfile("standard", { default: true, kubespawner_override: { image: LAB, mem_guarantee: "2G" } }),
  someProfile("plain"),
];

const planned = (
  lines = "",
  hubs = [plannedHub()],
  rendered: readonly RenderedProfile[] = RENDERED,
  now = NOW,
) => planWarmUp({ hubs, rendered, events: calendar(lines), now });

describe("the warm-up of a cluster", () => {
  it("has a window for each time that an event takes place, in UTC: clocks change on 25 October", () => {
    const plan = planned();
    expect(plan?.windows.map(({ from, start, to }) => [from, start, to].map(instantText))).toEqual([
      ["2026-10-19T06:45:00Z", "2026-10-19T07:15:00Z", "2026-10-19T07:25:00Z"],
      ["2026-10-26T07:45:00Z", "2026-10-26T08:15:00Z", "2026-10-26T08:25:00Z"],
      ["2026-11-02T07:45:00Z", "2026-11-02T08:15:00Z", "2026-11-02T08:25:00Z"],
    ]);
    expect(plan?.windows[0]).toMatchObject({ placeholder: "prod/standard", replicas: 300 });
    expect(plan?.events["algebra-lecture"]).toMatchObject({
      people: 300,
      minutes: 30,
      starts: ["2026-10-19T07:15:00Z", "2026-10-26T08:15:00Z", "2026-11-02T08:15:00Z"],
    });
  });

  it("is of the default profile where the event names none, and of its own otherwise", () => {
    expect(planned()?.placeholders.map(({ key }) => key)).toEqual(["prod/standard"]);
    expect(planned("    profile: plain")?.placeholders.map(({ key }) => key)).toEqual(["prod/plain"]);
  });

  it("refuses a profile that the hub does not have, where the calendar says it", () => {
    expect(() => planned("    profile: standrad")).toThrow(
      /autumn\.yaml:\d+:\d+ events\[0\]\.profile: the hub campus\/prod has no profile "standrad"\. Did you mean "standard"\?/,
    );
  });

  it("is none without people, of another cluster's hub, and of a hub that is retired", () => {
    expect(planned("", [plannedHub({}, { retire: true })])).toBeUndefined();
    expect(planned("", [])).toBeUndefined();
    const events = calendar("").map((event) => ({ ...event, people: 0 }));
    expect(planWarmUp({ hubs: [plannedHub()], rendered: RENDERED, events, now: NOW })).toBeUndefined();
  });

  it("is the same within a month, so that deploying again changes nothing", () => {
    const later = planned("", [plannedHub()], RENDERED, NOW + 20 * 86_400_000);
    expect(later).toEqual(planned());
    expect(instantText(planned()?.until ?? 0)).toBe("2027-06-01T00:00:00Z");
  });
});

describe("what keeps room", () => {
  const first = (effective: JsonObject, lines: string, folder?: string) =>
    planned(lines, [plannedHub(effective, { folder })])?.placeholders[0];
  const PRIORITY = { podPriority: { enabled: true } };

  it("is a Deployment of ours, with the size of the profile", () => {
    expect(first({}, "")).toMatchObject({ pod: { requests: { memory: 2 * 2 ** 30 }, image: LAB } });
  });

  const exam = (effective: JsonObject, override: JsonObject, usual = "") => {
    const rendered = [someProfile("small", { kubespawner_override: override })];
    const lines = `${usual}  - {id: exam, kind: exam, title: Exam, hub: campus/prod, start: 2026-11-20T09:00, end: 2026-11-20T11:00, people: 120, offered: [small]}`;
    const plan = planned(lines, [plannedHub(effective)], rendered);
    const last = plan?.windows.at(-1)?.placeholder;
    return {
      key: last,
      pod: plan?.placeholders.find(({ key }) => key === last),
      keys: plan?.placeholders.map(({ key }) => key),
    };
  };

  it("is for an exam as large as a server may get, since all of that is guaranteed then", () => {
    const large = { mem_guarantee: "1G", mem_limit: "4G", cpu_limit: 2, cpu_guarantee: 0.1 };
    expect(exam({}, large, "    profile: small\n")).toMatchObject({
      keys: ["prod/small", "prod/small/exam"],
      key: "prod/small/exam",
      pod: { pod: { requests: { memory: 4 * 2 ** 30, cpu: 2 } } },
    });
    expect(exam({}, { mem_guarantee: "1G" })).toMatchObject({ key: "prod/small", keys: expect.any(Array) });
    const placeholders = { scheduling: PRIORITY };
    expect(exam(placeholders, {})).toMatchObject({ key: "prod/small", pod: { statefulSet: {} } });
    const values = { ...placeholders, singleuser: { memory: { guarantee: "1G", limit: "3G" } } };
    expect(exam(values, {})).toMatchObject({ pod: { pod: { requests: { memory: 3 * 2 ** 30 } } } });
  });

  it("are the hub's own placeholders where it has them, and the profile has the hub's size", () => {
    const own = { scheduling: { ...PRIORITY, userPlaceholder: { replicas: 2 } } };
    expect(first(own, "    profile: plain")).toEqual({
      key: "prod/plain",
      statefulSet: { namespace: "prod", name: "user-placeholder", replicas: 2 },
    });
    expect(first(own, "")).toHaveProperty("pod");
  });

  it.each([
    ["servers don't take their place", { scheduling: {} }],
    ["there are none", { scheduling: { ...PRIORITY, userPlaceholder: { enabled: false } } }],
    [
      "they have another size",
      { scheduling: { ...PRIORITY, userPlaceholder: { resources: { requests: {} } } } },
    ],
    ["they have another name", { fullnameOverride: "hub", scheduling: PRIORITY }],
  ])("is not the hub's own where %s", (_why, values) => {
    expect(first(values, "    profile: plain")).toHaveProperty("pod");
  });

  it("runs the image of the server only where neither a prepuller nor the chart brings it to nodes", () => {
    const image = { singleuser: { image: { name: "quay.io/lab", tag: "2026-10" } } };
    const pulls = (values: JsonObject, folder?: string, lines = "    profile: plain") =>
      (first(values, lines, folder) as { pulls?: string } | undefined)?.pulls;
    const continuous = (enabled: boolean) => ({ ...image, prePuller: { continuous: { enabled } } });
    expect(pulls(image)).toBeUndefined();
    expect(pulls(continuous(true), "charts/hub")).toBeUndefined();
    expect(pulls(continuous(false))).toBe("quay.io/lab:2026-10");
    expect(pulls(image, "charts/hub")).toBe("quay.io/lab:2026-10");
    expect(pulls({}, "charts/hub", "")).toBeUndefined();
    const built = { singleuser: { image: { name: "lectern://images/hub#repository", tag: "x" } } };
    expect(pulls(built, "charts/hub")).toBeUndefined();
  });
});
