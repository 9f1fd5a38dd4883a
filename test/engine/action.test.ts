import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  type ActionPlace,
  type ActionRun,
  ARTICLE,
  CANARIES,
  KERNEL,
  openActionPlace,
  writeCourse,
} from "../sandbox/action-place.ts";
import { requireService } from "../services/require.ts";
import { findPulumi, PLUGIN_FOLDERS } from "./programs.ts";

const MINUTES = 60_000;

requireService("the real Pulumi", findPulumi, (cli) => {
  let place: ActionPlace;
  let folder: string;
  beforeAll(async () => {
    place = await openActionPlace();
    folder = mkdtempSync(join(tmpdir(), "lectern-action-backend-"));
    mkdirSync(join(folder, "backend"));
  });
  afterAll(async () => {
    await place.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const backend = () => ({
    "backend-url": `file://${join(folder, "backend")}`,
    "config-passphrase": CANARIES.passphrase,
  });
  const run = async (inputs: Record<string, string>) => {
    const path = [dirname(cli), ...PLUGIN_FOLDERS, process.env["PATH"]].join(delimiter);
    const ran = await place.run({ ...inputs, ...backend() }, { PATH: path });
    for (const canary of Object.values(CANARIES)) {
      expect(JSON.stringify(ran)).not.toContain(canary);
      expect(statesIn(folder)).not.toContain(canary);
    }
    return ran;
  };
  const succeeded = (ran: ActionRun) => {
    expect(ran.code, ran.log).toBe(0);
    return ran;
  };

  it.each(["course", "blog"] as const)(
    "remembers a %s: unchanged content costs no call, and mode is held against what is there",
    { timeout: 15 * MINUTES },
    async (kind) => {
      const inputs = { ...ARTICLE, "article-type": kind };
      writeCourse(place, `A remembered ${kind}`);
      const missing = await run({ ...inputs, mode: "update" });
      expect(missing.code).toBe(1);
      expect(missing.log).toContain(`the backend knows no ${kind}/fair-dice`);

      const created = succeeded(await run(inputs));
      const id = created.outputs["course-custom-id"];
      expect(place.writes()).toEqual([`POST /learn/articles/${kind}/ingest`]);
      const again = succeeded(await run(inputs));
      expect(again.outputs).toEqual(created.outputs);
      expect(place.writes()).toEqual([]);

      writeCourse(place, `A remembered ${kind}, changed`);
      const refused = await run(inputs);
      expect(refused.code).toBe(1);
      expect(refused.log).toMatch(/is on qBook already, as .*, with other content/);
      expect(place.writes()).toEqual([]);
      const updated = succeeded(await run({ ...inputs, mode: "update" }));
      expect(updated.outputs["course-custom-id"]).toBe(id);
      expect(place.writes()).toEqual([`PUT /learn/articles/${kind}/${id}`]);
      succeeded(await run({ ...inputs, mode: "update" }));
      expect(place.writes()).toEqual([]);
    },
  );

  it("refuses inputs that do not go together before it asks the backend", async () => {
    const { code, log } = await run({ ...ARTICLE, "kernel-name": "python-dice" });
    expect(code).toBe(1);
    expect(log).toMatch(/^::error::kernel-name: .*The inputs that go together:/);
  });

  it("registers a kernel, and moves it to another image", { timeout: 15 * MINUTES }, async () => {
    const kernel = { ...KERNEL, ...place.gateway };
    const create = { ...kernel, "kernel-image": "lectern/python-science:2025.2" };
    const missing = await run({ ...create, mode: "update" });
    expect(missing.code).toBe(1);
    expect(missing.log).toMatch(/the gateway has no kernel python-dice/);
    const older = succeeded(await run(create));
    expect(succeeded(await run(create)).outputs).toEqual(older.outputs);
    const refused = await run({ ...kernel, "kernel-image": "lectern/python-science:2026.1" });
    expect(refused.code).toBe(1);
    expect(refused.log).toMatch(/already, and it is not the same/);
    const newer = succeeded(
      await run({ ...kernel, mode: "update", "kernel-image": "lectern/python-science:2026.1" }),
    );
    expect(newer.outputs["kernel-image"]).not.toBe(older.outputs["kernel-image"]);
    const again = succeeded(
      await run({ ...kernel, mode: "update", "kernel-image": "lectern/python-science:2026.1" }),
    );
    expect(again.outputs).toEqual(newer.outputs);
  });
});

/** Every file of the backend. */
function statesIn(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return files.map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8")).join("\n");
}
