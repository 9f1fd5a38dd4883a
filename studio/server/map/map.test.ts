import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CANARY, stateWith } from "../../../cli/report/testing/state.ts";
import { mapAnswerSchema } from "../../api/map.ts";
import { trialStudio } from "../testing/trial-studio.ts";

const REPORT = JSON.stringify({
  ...{ version: 1, made: "2026-03-01T00:00:00.000Z" },
  stacks: [
    {
      ...{ stack: "prod", environment: "prod" },
      outputs: {
        read: "2026-03-01T00:00:00.000Z",
        things: [{ id: "course/dice", kind: "course", title: "Dice" }],
      },
    },
  ],
});

describe("the map", () => {
  it("is what report files and the sandbox's state say, without a secret", async () => {
    const { asAda } = await trialStudio(
      { "reports/a.json": REPORT, ".lectern/state/sandbox.json": JSON.stringify(stateWith()) },
      { deployed: (root) => ({ reports: [`${root}/reports`], state: `${root}/.lectern` }) },
    );
    const response = await asAda("/api/map");
    const { map, sources } = mapAnswerSchema.parse(response.json());
    expect(sources).toEqual(["reports", ".lectern"]);
    expect(map.stacks.map(({ stack, outputs }) => [stack, outputs?.things.length])).toEqual([
      ["prod", 1],
      ["sandbox", 10],
    ]);
    expect(response.body).not.toContain(CANARY);
  });

  it("is that of the project's own sandbox once it has deployed something", async () => {
    const { asAda, root } = await trialStudio(
      { ".lectern/state/sandbox.json.bak": "{" },
      { deployed: (own) => ({ reports: [], usualState: `${own}/.lectern` }) },
    );
    const sources = async () => (await asAda("/api/map")).json().sources;
    expect(await sources()).toEqual([]);
    writeFileSync(join(root, ".lectern/state/sandbox.json"), JSON.stringify(stateWith()));
    expect(await sources()).toEqual([".lectern"]);
  });

  it("is empty where the studio was given nothing", async () => {
    const { asAda } = await trialStudio();
    expect((await asAda("/api/map")).json()).toMatchObject({ map: { stacks: [] }, sources: [] });
  });

  it("is refused with the file and what is wrong with it where a report can't be read", async () => {
    const { asAda } = await trialStudio(
      { "reports/a.json": JSON.stringify({ version: 9, made: "", stacks: [] }) },
      { deployed: (root) => ({ reports: [`${root}/reports`] }) },
    );
    const response = await asAda("/api/map");
    expect(response.statusCode).toBeGreaterThanOrEqual(400);
    expect(response.json().problems).toMatchObject([{ message: expect.stringContaining("version 9") }]);
  });

  it("is shown to nobody who is not signed in", async () => {
    const { ask } = await trialStudio();
    expect((await ask("/api/map")).statusCode).toBe(403);
  });
});
