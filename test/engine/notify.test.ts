import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { readDeployed } from "../../cli/notify/read-deployed.ts";
import { makeRepository } from "../sandbox/repository.ts";
import { requireService } from "../services/require.ts";
import { LecternOnPulumi } from "./lectern.ts";
import { findPulumi } from "./programs.ts";

// What a notification tells of a deployment, from the real engine's own events.
const MINUTES = 60_000;
const SCIENCE = "Python for Science";

requireService("the real Pulumi", findPulumi, (cli) => {
  it("what went live is read from the events of `pulumi up --json`", { timeout: 10 * MINUTES }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "lectern-notify-"));
    const repository = makeRepository();
    onTestFinished(() => {
      repository.remove();
      rmSync(folder, { recursive: true, force: true });
    });
    repository.addCourse("bell-states", { title: "Bell states", kernelId: SCIENCE });
    repository.addBlog("random-walks", { title: "Why a walk comes home", kernelId: SCIENCE, chapters: 1 });
    const kernel = { display_name: SCIENCE, language: "python", image: "lectern/python-science:2025.2" };
    repository.write("kernels/python-science/kernel.yaml", kernel);
    repository.commit();
    const lectern = new LecternOnPulumi({ cli, folder, catalog: repository.catalog });
    const up = async () => {
      const { stdout } = await lectern.serve("staging", () =>
        lectern.pulumi.call("up", "--yes", "--json", "--stack", "staging"),
      );
      const file = join(folder, "up.jsonl");
      writeFileSync(file, stdout);
      return (await readDeployed(undefined, [`staging=${file}`]))[0];
    };
    const first = await up();
    expect(first).toMatchObject({ stack: "staging", environment: "staging", state: "deployed" });
    expect(first?.live.filter(({ id }) => id)).toEqual([
      {
        ...{ id: "blog/random-walks", label: "Blog random-walks", change: "created" },
        ...{ title: expect.stringContaining("Why a walk comes home"), url: expect.stringMatching(/^http/) },
      },
      {
        ...{ id: "course/bell-states", label: "Course bell-states", change: "created" },
        ...{ title: expect.stringContaining("Bell states"), url: expect.stringMatching(/^http/) },
      },
      { id: "kernel/python-science", label: "Kernel python-science", change: "created", title: SCIENCE },
    ]);
    repository.addBlog("random-walks", {
      title: "Why a walk comes home",
      text: "It does.",
      kernelId: SCIENCE,
      chapters: 1,
    });
    repository.commit();
    expect((await up())?.live.map(({ id, change }) => `${id} ${change}`)).toEqual([
      "blog/random-walks updated",
    ]);
    expect((await up())?.live).toEqual([]);
  });
});
