import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { minutesFromNow, writeEvent } from "./calendar.ts";
import { changesOf, type JsonReport } from "./command.ts";
import { openWorkplace, type Workplace } from "./workplace.ts";

const OVER = { start: minutesFromNow(-180), end: minutesFromNow(-120) };
const FROZEN = /^frozen until \d{4}-\d\d-\d\d \d\d:\d\d \(UTC\) for the lecture Linear algebra$/;

let place: Workplace;
beforeEach(async () => {
  place = await openWorkplace();
});
afterEach(() => place.close());

const warnings = ({ diagnostics }: JsonReport) =>
  diagnostics.filter(({ severity }) => severity === "warning").map(({ message }) => message);
const text = (report: JsonReport) => JSON.stringify([report.steps, report.diagnostics]);

describe("while a lecture of a course is on", () => {
  function kernel(name: string, displayName: string, tag: string): void {
    const image = `lectern/python-science:${tag}`;
    place.repository.write(`kernels/${name}/kernel.yaml`, {
      display_name: displayName,
      language: "python",
      image,
    });
    place.repository.commit();
  }
  beforeEach(async () => {
    kernel("python", "Python", "2025.2");
    kernel("other", "Other", "2025.2");
    place.repository.addCourse("bell", { kernelId: "Python" });
    place.repository.commit();
    const first = await place.json("up");
    expect(first.code, text(first)).toBe(0);
    writeEvent(place, { course: "bell" });
  });

  it("says nothing where nothing would change", async () => {
    const calm = await place.json("up", "--expect-no-changes");
    expect(calm.code, text(calm)).toBe(0);
    expect(warnings(calm)).toEqual([]);
    expect(calm.outputs).not.toHaveProperty("holds");
  });

  it("keeps its kernel, restarts no gateway, lets the rest go on, and the same command makes up for it", async () => {
    kernel("python", "Python", "2026.1");
    kernel("other", "Other", "2026.1");
    kernel("new", "New", "2026.1");
    place.repository.addCourse("dice", { kernelId: "Other" });
    place.repository.commit();
    const plan = await place.json("preview");
    const during = await place.json("up");
    expect(during.code, text(during)).toBe(0);
    expect(changesOf(plan)).toEqual(changesOf(during));
    expect(changesOf(during)).toEqual([
      "create Article dice",
      "create ArticleLedger dice",
      "update Kernelspec other",
    ]);
    expect(during.outputs["holds"]).toEqual({
      "kernel/python": { reason: expect.stringMatching(FROZEN), deployed: true },
      "kernel/new": { reason: expect.stringMatching(FROZEN), deployed: false },
    });
    expect(warnings(plan)).toEqual([
      expect.stringMatching(/^kernel new is held: frozen until .* for the lecture Linear algebra$/),
      expect.stringMatching(/^kernel python is held: frozen until .* for the lecture Linear algebra$/),
    ]);

    const later = await place.json("preview", "--at", new Date(Date.now() + 3_600_000).toISOString());
    const made = ["create Kernelspec new", "update GatewayRestart sandbox", "update Kernelspec python"];
    expect(changesOf(later), text(later)).toEqual(made);
    writeEvent(place, { course: "bell", ...OVER });
    const after = await place.json("up");
    expect(changesOf(after), text(after)).toEqual(made);
    expect(after.outputs).not.toHaveProperty("holds");
  });

  it("goes on with a person's reason, which is recorded", async () => {
    kernel("python", "Python", "2026.1");
    const reason = "numpy is broken";
    const report = await place.json("up", "--config", `throughFreeze=${reason}`);
    expect(changesOf(report), text(report)).toEqual(["update Kernelspec python"]);
    expect(report.outputs["overrides"]).toEqual({
      "kernel/python": { reason, until: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) },
    });
  });

  it("freezes articles of an exam alone", async () => {
    const rewrite = (say: string) => {
      place.repository.addCourse("bell", { kernelId: "Python", text: say });
      place.repository.commit();
    };
    rewrite("Another sentence.");
    expect(changesOf(await place.json("up"))).toEqual(["update Article bell"]);
    writeEvent(place, { course: "bell", kind: "exam" });
    rewrite("The solution.");
    const exam = await place.json("up");
    expect(changesOf(exam), text(exam)).toEqual([]);
    expect(exam.outputs["holds"]).toEqual({
      "course/bell": { reason: expect.stringContaining("for the exam Linear algebra"), deployed: true },
    });
  });

  it("refuses to deploy at another moment than now", async () => {
    const report = await place.json("up", "--at", "2026-10-05T09:00Z");
    expect(report.code).toBe(1);
    expect(text(report)).toContain("a deployment takes place now, and at no other time");
  });
});

describe("while a lecture on a hub is on", () => {
  const CLUSTER = `values: [common.yaml]
support: {chart: hub, namespace: support}
hubs:
  - {name: staging, chart: hub, domain: staging.example.org}
  - {name: prod, chart: hub}
  - {name: physics, chart: hub, environment: prod}
`;
  const PROFILES = "- {display_name: Small, slug: small, kubespawner_override: {cpu_limit: 1}}\n";
  beforeEach(async () => {
    place.repository.write(
      "charts/hub/Chart.yaml",
      "apiVersion: v2\nname: hub\nversion: 1.0.0\nappVersion: '5.4.0'\n",
    );
    place.repository.write("clusters/campus/cluster.yaml", CLUSTER);
    place.repository.write("clusters/campus/common.yaml", "greeting: hello\n");
    place.repository.write("clusters/campus/profiles.yaml", PROFILES);
    place.repository.commit();
    for (const stack of ["staging", "prod"]) {
      const report = await place.json("up", "--stack", stack);
      expect(report.code, text(report)).toBe(0);
    }
    writeEvent(place, { hub: "campus/prod" });
  });
  const prod = (...args: string[]) => place.json("up", "--stack", "prod", ...args);

  it("says nothing where nothing would change", async () => {
    const calm = await prod("--expect-no-changes");
    expect(calm.code, text(calm)).toBe(0);
    expect(warnings(calm)).toEqual([]);
    expect(calm.outputs).not.toHaveProperty("holds");
  });

  it("keeps the hub, and what its cluster offers and runs beside it, and makes up for it", async () => {
    place.repository.write("clusters/campus/common.yaml", "greeting: good morning\n");
    place.repository.write("clusters/campus/profiles.yaml", PROFILES.replace("Small,", "Tiny,"));
    place.repository.write("charts/hub/values.yaml", "more: 1\n");
    place.repository.commit();
    const staging = await place.json("up", "--stack", "staging");
    expect(staging.code, text(staging)).toBe(0);
    expect(changesOf(staging)).toContain("update Release campus/staging");
    expect(staging.outputs["holds"]).toEqual({
      "support/campus": { reason: expect.stringMatching(FROZEN), deployed: true },
    });
    const during = await prod();
    expect(during.code, text(during)).toBe(0);
    expect(changesOf(during)).toEqual([]);
    expect(during.outputs["holds"]).toMatchObject({
      "hub/campus/prod": { reason: expect.stringMatching(/support of campus|^frozen until/), deployed: true },
      "profiles/campus": { reason: expect.stringMatching(FROZEN), deployed: true },
    });
    expect(during.outputs["profiles"]).toMatchObject({ campus: expect.stringContaining("Small") });

    writeEvent(place, { hub: "campus/prod", ...OVER });
    expect((await place.json("up", "--stack", "staging")).code).toBe(0);
    const after = await prod();
    const releases = changesOf(after).filter((change) => change.includes(" Release "));
    expect(releases, text(after)).toEqual(["update Release campus/physics", "update Release campus/prod"]);
    expect(after.outputs).not.toHaveProperty("holds");
  });
});
