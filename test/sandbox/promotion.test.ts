import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { changesOf, type JsonReport } from "./command.ts";
import { notebook } from "./repository.ts";
import { openWorkplace, type Workplace } from "./workplace.ts";

let place: Workplace;
beforeEach(async () => {
  place = await openWorkplace();
  place.repository.addCourse("bell");
  place.repository.commit();
});
afterEach(() => place.close());

const staging = (...args: string[]) => place.json("up", "--stack", "staging", ...args);
const prod = (command: string, ...args: string[]) => place.json(command, "--stack", "prod", ...args);
const warnings = ({ diagnostics }: JsonReport) =>
  diagnostics.filter(({ severity }) => severity === "warning").map(({ message }) => message);

describe("from staging to prod", () => {
  it("lets through what staging has processed, with prod's own title", async () => {
    expect((await staging()).code).toBe(0);
    const deployed = await prod("up");
    expect(deployed.code, JSON.stringify(deployed)).toBe(0);
    expect(changesOf(deployed)).toContain("create Article bell");
    expect(place.api.articles().map(({ title, visibility }) => [title, visibility])).toEqual(
      expect.arrayContaining([
        ["[staging] About bell", "private"],
        ["About bell", "public"],
      ]),
    );
  });

  it("says what to do where staging does not exist yet, and plans nothing", async () => {
    const plan = await prod("preview");
    expect(plan.code).toBe(1);
    const errors = plan.diagnostics.filter(({ severity }) => severity === "error");
    expect(errors.map(({ message }) => message).join("\n")).toMatch(
      /lectern:stagingStack: what this stack takes from organization\/lectern\/staging can't be read \(.*staging.*\)\. Deploy it first: `pulumi up --stack staging`\. .*lectern:assumeStaging=true/,
    );
    expect(changesOf(plan)).toEqual([]);
  });

  it("leaves out what staging has never seen, and reports it", async () => {
    await staging();
    place.repository.addCourse("new");
    const plan = await prod("preview");
    expect(plan.code, JSON.stringify(plan)).toBe(0);
    expect(changesOf(plan)).not.toContain("create Article new");
    expect(warnings(plan)).toEqual([
      expect.stringMatching(/course\/new is held: staging has not deployed it/),
    ]);
  });

  it("holds what is deployed exactly as it is until staging has processed the change", async () => {
    await staging();
    await prod("up");
    place.repository.write("courses/bell/1.ipynb", notebook("# Rewritten"));
    place.repository.commit();
    place.writes();
    const held = await prod("up", "--expect-no-changes");
    expect(held.code, JSON.stringify(held)).toBe(0);
    expect(warnings(held)).toEqual([expect.stringMatching(/course\/bell is held: .*other content/)]);
    expect(place.writes()).toEqual([]);
    expect(held.outputs["holds"]).toEqual({
      "course/bell": { reason: expect.stringContaining("other content"), deployed: true },
    });

    await staging();
    place.writes();
    const promoted = await prod("up");
    expect(promoted.outputs).not.toHaveProperty("holds");
    expect(changesOf(promoted)).toEqual(["update Article bell"]);
    expect(place.writes()).toHaveLength(1);
  });

  it("keeps a kernel's display name while a held course still uses it, and lets it go with the course", async () => {
    const quantum = (displayName: string) => {
      const file = { display_name: displayName, language: "python", image: "lectern/python-quantum:2026.1" };
      place.repository.write("kernels/python-quantum/kernel.yaml", file);
      place.repository.addCourse("bell", { kernelId: displayName });
      place.repository.commit();
    };
    quantum("Quantum");
    await staging();
    const deployed = await prod("up");
    expect(deployed.code, JSON.stringify(deployed)).toBe(0);
    expect(deployed.outputs["articles"]).toMatchObject({ "course/bell": { kernels: ["Quantum"] } });

    quantum("Quantum 2");
    const refused = /can't lose the display name .*Quantum.*course\/bell \(held as it is deployed\)/;
    for (const command of ["preview", "up"]) {
      const report = await prod(command);
      expect(report.code).toBe(1);
      expect(JSON.stringify(report.diagnostics)).toMatch(refused);
      expect(changesOf(report).join()).not.toContain("python-quantum");
    }
    quantum("Quantum 2");
    await staging();
    const both = await prod("up");
    expect(changesOf(both), JSON.stringify(both)).toEqual([
      "update Article bell",
      "update Kernelspec python-quantum",
    ]);
  });

  it("remembers what came through beside an article that failed, and holds it later", async () => {
    place.repository.addCourse("dice");
    place.repository.commit();
    await staging();
    place.api.setFault({ on: "ingest", fault: "refuse", times: 1 });
    const partly = await prod("up", "--continue-on-error");
    expect(partly.code).toBe(1);
    const [kept = ""] = Object.keys(partly.outputs["articles"] as object);
    expect(kept).toMatch(/^course\/(bell|dice)$/);
    place.repository.write(`${kept.replace("course", "courses")}/1.ipynb`, notebook("# Rewritten"));
    const plan = await prod("preview");
    expect(warnings(plan).join()).toMatch(new RegExp(`${kept} is held: .*other content`));
    expect(changesOf(plan).join()).not.toContain(`delete Article ${kept.slice("course/".length)}`);
  });

  it("does not remove a protected article", async () => {
    await staging();
    await prod("up");
    place.repository.drop("courses/bell");
    const removal = await prod("up");
    expect(removal.code).toBe(1);
    expect(JSON.stringify(removal)).toContain("protect");
  });
});

describe("lectern:assumeStaging", () => {
  it("plans as if staging had passed, reports that, and is refused in a deployment", async () => {
    const assumed = ["--config", "assumeStaging=true"];
    const plan = await prod("preview", ...assumed);
    expect(plan.code).toBe(0);
    expect(changesOf(plan)).toContain("create Article bell");
    expect(warnings(plan).join()).toContain("assumes that staging");
    const refused = await prod("up", ...assumed);
    expect(refused.code).toBe(1);
    expect(JSON.stringify(refused.diagnostics)).toContain("lectern:assumeStaging");
    expect(place.writes()).toEqual([]);
  });
});
