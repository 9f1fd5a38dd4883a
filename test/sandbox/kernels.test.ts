import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { changesOf, type JsonReport } from "./command.ts";
import { KERNEL, notebook } from "./repository.ts";
import { openWorkplace, type Workplace } from "./workplace.ts";

const NAME = "Python for tests";
const BUILT = "display_name: Python that is built\nlanguage: python\nbuild: {context: image}\n";
const DOCKERFILE = `FROM python@sha256:${"0".repeat(64)}
USER 1000
EXPOSE 8888
CMD ["python", "/usr/local/bin/bootstrap-kernel.py"]
`;
let place: Workplace;
beforeEach(async () => {
  place = await openWorkplace();
  kernel("python-test", "2025.2");
  place.repository.addCourse("bell", { kernelId: NAME });
  place.repository.commit();
});
afterEach(() => place.close());

function kernel(name: string, tag: string, displayName = NAME, more: object = {}): void {
  const image = `lectern/python-science:${tag}`;
  place.repository.write(
    `kernels/${name}/kernel.yaml`,
    JSON.stringify({ display_name: displayName, language: "python", image, ...more }),
  );
}

const stepOf = (report: JsonReport, text: string) => changesOf(report).indexOf(text);
/** The gateway with another folder of kernelspecs: its kernels have to move there. */
const gatewayAt = (folder: string) =>
  `gateways=${JSON.stringify({
    sandbox: {
      hosts: [{ local: true }],
      specsFolder: join(place.state, "gateway", folder),
      restart: { mode: "command", command: ["true"] },
      pull: "none",
      proxy: "local",
    },
  })}`;

const orderOf = ({ steps }: JsonReport) =>
  steps
    .filter(({ type }) => /Kernelspec|GatewayRestart|Article/.test(type))
    .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
const text = (report: JsonReport) => JSON.stringify([report.steps, report.diagnostics]);

describe("kernels in the sandbox", () => {
  it("restart the gateway once when they are created, never when their image changes", async () => {
    kernel("python-other", "2025.2", "Another");
    const first = await place.json("up");
    expect(first.code, text(first)).toBe(0);
    expect(changesOf(first).filter((step) => step.includes("GatewayRestart"))).toEqual([
      "create GatewayRestart sandbox",
    ]);
    const order = first.steps.map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
    expect(order.indexOf("GatewayRestart sandbox")).toBeGreaterThan(order.indexOf("Kernelspec python-test"));
    expect(order.indexOf("Article bell")).toBeGreaterThan(order.indexOf("GatewayRestart sandbox"));

    kernel("python-test", "2026.1");
    const update = await place.json("up");
    expect(update.code, text(update)).toBe(0);
    expect(changesOf(update)).toEqual(["update Kernelspec python-test"]);
    expect(update.progress.join("\n")).toContain("smoke kernel");

    const calm = await place.json("up", "--expect-no-changes");
    expect(calm.code, text(calm)).toBe(0);

    kernel("python-third", "2026.1", "A third");
    const added = await place.json("up");
    expect(changesOf(added)).toEqual(["create Kernelspec python-third", "update GatewayRestart sandbox"]);
    expect(stepOf(added, "update GatewayRestart sandbox")).toBeGreaterThan(0);
  });

  it("keep their image where one notebook fails on a new one, as a course keeps its content where one fails", async () => {
    kernel("python-other", "2025.2", "Another");
    kernel("python-third", "2025.2", "A third");
    place.repository.addCourse("dice", { kernelId: "A third", chapters: 1 });
    place.repository.write("courses/dice/lecture.yaml", "timeout: 60\n");
    const cell = 'from importlib.metadata import version\nassert version("numpy") < "2", "needs NumPy 1"';
    place.repository.write("courses/bell/2.ipynb", notebook("# Chapter 2", cell));
    place.repository.write("courses/bell/lecture.yaml", "timeout: 60\n");
    place.repository.commit();
    expect((await place.json("up")).code).toBe(0);

    kernel("python-test", "2026.1");
    kernel("python-other", "2026.1", "Another");
    place.repository.write("courses/dice/1.ipynb", notebook("# Chapter 1", "1 / 0"));
    place.repository.commit();
    place.writes();
    const require = ["--config", "prove=require"];
    const held = await place.json("up", ...require);
    expect(held.code, text(held)).toBe(0);
    const { kernels, holds } = held.outputs as Record<string, Record<string, Record<string, string>>>;
    const tagOf = { old: kernels?.["python-test"]?.["image"], new: kernels?.["python-other"]?.["image"] };
    expect(tagOf.old).not.toBe(tagOf.new);
    expect(Object.keys(holds ?? {}).sort()).toEqual(["course/dice", "kernel/python-test"]);
    expect(holds?.["course/dice"]?.["reason"]).toMatch(
      /^course\/dice 1\.ipynb fails at cell 2 \(ZeroDivision/,
    );
    expect(place.writes()).toEqual([]);
    expect(holds?.["kernel/python-test"]?.["reason"]).toMatch(
      /^course\/bell 2\.ipynb fails at cell 2 \(AssertionError: needs NumPy 1\) on .*; changed with the image: numpy \(pypi\) 1\.26\.4 → 2\.3\.5, /,
    );
    expect(held.progress.join("\n")).toMatch(/running 2 of 2 notebooks on .*, in stand-in kernels/);

    const calm = await place.json("up", ...require, "--expect-no-changes");
    expect(calm.code, text(calm)).toBe(0);
    expect(calm.progress.join("\n")).toMatch(/the kernel keeps .*lectern:override for kernel\/python-test/);
    expect(calm.progress.join("\n")).not.toMatch(/running/);
  });

  it("can't be removed while a course names them", async () => {
    await place.sandbox("up");
    place.repository.drop("kernels/python-test");
    const removal = await place.json("up", "--config", `externalKernels=["${NAME}"]`);
    expect(removal.code).toBe(1);
    expect(text(removal)).toContain("course/bell");
    expect(existsSync(join(place.state, "gateway/kernels/python-test/kernel.json"))).toBe(true);
  });

  it("are missing from the preview's registry: it fails, and names the nearest tags", async () => {
    kernel("python-test", "2026.01");
    const plan = await place.json("preview");
    expect(plan.code).toBe(1);
    expect(text(plan)).toMatch(/the registry has no .*2026\.01.*Did you mean .*2026\.1/);
  });

  it("are looked up all together: every missing image is named, and nothing is built before", async () => {
    kernel("python-test", "2031.1");
    kernel("python-other", "2032.1", "Python for others");
    place.repository.write("kernels/python-built/kernel.yaml", BUILT);
    place.repository.write("kernels/python-built/image/Dockerfile", DOCKERFILE);
    const up = await place.json("up");
    expect(up.code).toBe(1);
    expect(JSON.stringify(up.diagnostics)).toMatch(/2032\.1.*2031\.1/);
    expect(up.steps.filter(({ type }) => type.endsWith(":Image"))).toEqual([]);
  });

  it("that extend an image are judged with what its registry says that it runs", async () => {
    place.repository.write("kernels/python-built/kernel.yaml", BUILT);
    const base = "lectern/python-science:2026.1";
    place.repository.write("kernels/python-built/image/Dockerfile", `FROM ${base}\nEXPOSE 8888\n`);
    const plan = await place.json("preview");
    expect(plan.code).toBe(1);
    const said = JSON.stringify(plan.diagnostics);
    expect(said).toMatch(/image\/Dockerfile:1:1.*python-science:2026\.1 runs .*\/usr\/local\/bin\/start/);
    // The image has a user that is not root.
    expect(said).not.toMatch(/no USER|is root/);
  });

  it("of qBook's service are held in prod until staging has built them", async () => {
    const staging = await place.json("up", "--stack", "staging");
    expect(staging.code, text(staging)).toBe(0);
    place.repository.drop("kernels/python-test");
    place.repository.write("kernels/python-built/kernel.yaml", `${BUILT}backend: qbraid\n`);
    place.repository.write("kernels/python-built/image/Dockerfile", DOCKERFILE);
    const plan = await place.json("preview", "--stack", "prod", "--config", "externalKernels=[]");
    expect(JSON.stringify(plan.diagnostics)).toContain(
      "kernel python-built is held: staging has not deployed it yet",
    );
    expect(changesOf(plan).join()).not.toContain("python-built");
  });

  it("are declared by what the catalog has: a course that names another fails the preview", async () => {
    place.repository.addCourse("bell", { kernelId: "Python for test" });
    const plan = await place.json("preview", "--config", "externalKernels=[]");
    expect(plan.code).toBe(1);
    expect(plan.steps.map(({ error }) => error).join()).toContain(`Did you mean "${NAME}"?`);
  });

  it("that fail hold back their courses and the restart, and nothing else with --continue-on-error", async () => {
    // Somebody else's folder is where the second kernel should go: its creation fails.
    const foreign = join(place.state, "gateway/kernels/python-other");
    mkdirSync(foreign, { recursive: true });
    writeFileSync(
      join(foreign, "kernel.json"),
      '{"argv": ["true"], "display_name": "Foreign", "language": "python"}',
    );
    kernel("python-other", "2025.2", "Another");
    place.repository.addCourse("other", { kernelId: "Another" });
    place.repository.addCourse("external", { kernelId: KERNEL });

    const up = await place.json("up", "--continue-on-error");
    expect(up.code).toBe(1);
    const done = changesOf({ ...up, steps: up.steps.filter(({ error }) => error === undefined) });
    expect(done).toEqual([
      "create Article external",
      "create ArticleLedger external",
      "create Kernelspec python-test",
    ]);
    expect(text(up)).toContain("python-other");
    expect(readFileSync(join(foreign, "kernel.json"), "utf8")).toContain("Foreign");

    rmSync(foreign, { recursive: true });
    const next = await place.json("up");
    expect(next.code, text(next)).toBe(0);
    expect(changesOf(next)).toEqual(
      expect.arrayContaining([
        "create Kernelspec python-other",
        "create GatewayRestart sandbox",
        "create Article bell",
        "create Article other",
      ]),
    );
  });

  it("restart the gateway in the very deployment that makes one again, and not in the next", async () => {
    expect((await place.json("up")).code).toBe(0);
    rmSync(join(place.state, "gateway/kernels/python-test"), { recursive: true });
    expect((await place.json("refresh")).code).toBe(0);
    const again = ["create Kernelspec python-test", "update GatewayRestart sandbox"];
    expect(changesOf(await place.json("preview"))).toEqual(again);
    // The course changes as well, and so it has to wait.
    place.repository.addCourse("bell", { kernelId: NAME, text: "Another sentence." });
    place.repository.commit();
    const up = await place.json("up");
    expect(up.code, text(up)).toBe(0);
    expect(changesOf(up)).toEqual([...again, "update Article bell"].sort());
    expect(orderOf(up)).toEqual([
      "Kernelspec python-test",
      "GatewayRestart sandbox",
      "ArticleLedger bell",
      "Article bell",
    ]);
    const calm = await place.json("up", "--expect-no-changes");
    expect(calm.code, text(calm)).toBe(0);
  });

  it("restart the gateway after those that are replaced", async () => {
    expect((await place.json("up")).code).toBe(0);
    const moved = await place.json("up", "--config", gatewayAt("elsewhere"));
    expect(moved.code, text(moved)).toBe(0);
    expect(changesOf(moved)).toEqual([
      "delete-replaced Kernelspec python-test",
      "replace Kernelspec python-test",
      "update GatewayRestart sandbox",
    ]);
    const order = orderOf(moved);
    expect(order.indexOf("GatewayRestart sandbox")).toBeGreaterThan(order.indexOf("Kernelspec python-test"));
  });

  it("that fail to update hold neither the restart nor the courses of new ones", async () => {
    expect((await place.json("up")).code).toBe(0);
    kernel("python-test", "2026.1", NAME, { smoke: { cell: "not a program (" } });
    kernel("python-other", "2025.2", "Another");
    place.repository.addCourse("other", { kernelId: "Another" });
    place.repository.commit();
    const up = await place.json("up", "--continue-on-error");
    expect(up.code).toBe(1);
    expect(up.steps.filter(({ error }) => error !== undefined).map(({ name }) => name)).toEqual([
      "python-test",
    ]);
    expect(changesOf({ ...up, steps: up.steps.filter(({ error }) => error === undefined) })).toEqual([
      "create Article other",
      "create ArticleLedger other",
      "create Kernelspec python-other",
      "update GatewayRestart sandbox",
    ]);
  });
});
