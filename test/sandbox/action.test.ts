import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type ActionPlace,
  type ActionRun,
  ARTICLE,
  CANARIES,
  KERNEL,
  openActionPlace,
  writeCourse,
} from "./action-place.ts";

let place: ActionPlace;
beforeAll(async () => {
  place = await openActionPlace();
});
afterAll(() => place.close());

function succeeded(run: ActionRun): ActionRun {
  expect(run.code, run.log).toBe(0);
  for (const canary of Object.values(CANARIES)) {
    expect(JSON.stringify(run)).not.toContain(canary);
  }
  return run;
}

describe("the action without a backend", () => {
  it.each(["course", "blog"] as const)("creates a %s, and updates it by its ID", async (kind) => {
    writeCourse(place, `A fair ${kind}`);
    const inputs = { ...ARTICLE, "article-type": kind };
    const created = succeeded(await place.run({ ...inputs, mode: "create" }));
    const id = created.outputs["course-custom-id"] ?? "";
    expect(Object.keys(created.outputs)).toEqual(["course_name", "course-custom-id", "qbook_url"]);
    expect(created.outputs["course_name"]).toBe(`A fair ${kind}`);
    expect(created.outputs["qbook_url"]).toMatch(/^http/);
    expect(created.summary).toContain(id);
    expect(created.log).toContain("backend-url");
    expect(place.writes()).toEqual([`POST /learn/articles/${kind}/ingest`]);

    writeCourse(place, `A fairer ${kind}`);
    const updated = succeeded(await place.run({ ...inputs, mode: "update", "course-custom-id": id }));
    expect(updated.outputs["course-custom-id"]).toBe(id);
    expect(updated.outputs["course_name"]).toBe(`A fairer ${kind}`);
    expect(place.writes()).toEqual([`PUT /learn/articles/${kind}/${id}`]);

    const again = succeeded(
      await place.run({ ...inputs, mode: "update", "course-custom-id": id }, { GITHUB_RUN_ATTEMPT: "2" }),
    );
    expect(again.outputs).toEqual(updated.outputs);
    place.writes();
  });

  it("does not create a second article where a failed job is run again", async () => {
    const { code, log } = await place.run(ARTICLE, { GITHUB_RUN_ATTEMPT: "2" });
    expect(code).toBe(1);
    expect(log).toMatch(/earlier attempt of this run may have created/);
    expect(place.writes()).toEqual([]);
  });

  it("refuses inputs that do not go together with one message, without a call", async () => {
    const { code, log, outputs } = await place.run({
      ...ARTICLE,
      "kernel-name": "$(touch pwned)\n::error::x",
    });
    expect(code).toBe(1);
    expect(log).toMatch(/^::error::kernel-name: .*The inputs that go together:.*\n$/);
    expect(log.match(/^::/gm)).toHaveLength(1);
    expect(outputs).toEqual({});
    expect(place.writes()).toEqual([]);
    expect(existsSync(join(place.root, "pwned"))).toBe(false);
  });

  it("takes paths from the repository's root, wherever course.json is", async () => {
    writeCourse(place, "Elsewhere", "A die.", "meta/dice.json");
    const run = succeeded(await place.run({ ...ARTICLE, "course-json-path": "meta/dice.json" }));
    expect(run.outputs["course_name"]).toBe("Elsewhere");
  });

  it("keeps a hostile title as it is in the output, and inert everywhere else", async () => {
    const title = `"quoted" $(touch x) <b>@everyone</b> ::set-output name=a::b`;
    writeCourse(place, title);
    const run = succeeded(await place.run(ARTICLE));
    expect(run.outputs["course_name"]).toBe(title);
    expect(run.summary).not.toMatch(/<b>|[^\u2060]@everyone/);
    expect(run.log).not.toMatch(/^\s*::set-output/m);
  });

  it("refuses a course that a step before has changed, as qBook clones the commit", async () => {
    writeCourse(place, "Committed");
    place.write("notebooks/1.ipynb", "{}");
    place.write("gha-creds-1.json", "{}");
    const { code, log } = await place.run(ARTICLE);
    expect(code).toBe(1);
    expect(log).toMatch(/uncommitted changes in notebooks\/1\.ipynb\./);
    writeCourse(place, "Committed again");
  });

  it("creates a kernel, leaves it alone as it is, and updates its image without a restart", async () => {
    const kernel = { ...KERNEL, ...place.gateway };
    const create = { ...kernel, mode: "create", "kernel-image": "lectern/python-science:2025.2" };
    const created = succeeded(await place.run(create));
    expect(Object.keys(created.outputs)).toEqual(["kernel-name", "kernel-display-name", "kernel-image"]);
    expect(created.outputs).toMatchObject({
      "kernel-name": "python-dice",
      "kernel-display-name": "Python for Dice",
      "kernel-image": expect.stringMatching(/lectern\/python-science@sha256:/),
    });
    const file = join(place.kernels, "python-dice/kernel.json");
    const before = readFileSync(file, "utf8");

    const again = succeeded(await place.run(create));
    expect(again.outputs).toEqual(created.outputs);
    expect(readFileSync(file, "utf8")).toBe(before);

    const newer = { ...kernel, "kernel-image": "lectern/python-science:2026.1" };
    const refused = await place.run({ ...newer, mode: "create" });
    expect(refused.code).toBe(1);
    expect(refused.log).toMatch(/already, and it is not the same/);

    const updated = succeeded(await place.run({ ...newer, mode: "update" }));
    expect(updated.outputs["kernel-image"]).not.toBe(created.outputs["kernel-image"]);
    expect(updated.log).not.toMatch(/restart/i);
    const rerun = succeeded(await place.run({ ...newer, mode: "update", "kernel-display-name": "" }));
    expect(rerun.outputs).toEqual(updated.outputs);
  });

  it("updates a kernel that another script has registered, and keeps all that it does not name", async () => {
    const spec = {
      argv: ["python", "-m", "ipykernel_launcher", "--quiet", "-f", "{connection_file}"],
      env: { LEVEL: "1", API_TOKEN: CANARIES.token },
      display_name: "Python of old",
      language: "python",
      interrupt_mode: "message",
      metadata: {
        process_proxy: {
          class_name: "enterprise_gateway.services.processproxies.processproxy.LocalProcessProxy",
          config: { image_name: "lectern/python-science:2025.2" },
        },
      },
    };
    const folder = join(place.kernels, "python-old");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "kernel.json"), JSON.stringify(spec));
    const inputs = {
      ...KERNEL,
      ...place.gateway,
      mode: "update",
      "kernel-name": "python-old",
      "kernel-display-name": "",
    };
    for (const image of ["lectern/python-science:2026.1", "lectern/python-science:2025.2"]) {
      const updated = succeeded(await place.run({ ...inputs, "kernel-image": image }));
      expect(updated.outputs["kernel-display-name"]).toBe("Python of old");
      expect(updated.log).not.toMatch(/restart(s|ed) the gateway/i);
      const { metadata, ...rest } = JSON.parse(readFileSync(join(folder, "kernel.json"), "utf8"));
      const { metadata: _, ...before } = spec;
      expect(rest).toEqual(before);
      expect(metadata.process_proxy.config.image_name).toBe(updated.outputs["kernel-image"]);
    }
  });

  it("updates no kernel that does not exist", async () => {
    const { code, log } = await place.run({
      "action-type": "kernel",
      mode: "update",
      "kernel-name": "python-missing",
      "kernel-image": "lectern/python-science:2026.1",
      ...place.gateway,
    });
    expect(code).toBe(1);
    expect(log).toMatch(/the gateway has no kernel python-missing/);
    expect(existsSync(join(place.kernels, "python-missing"))).toBe(false);
  });
});
