import { renameSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { memory, PROFILES, TrialRepository } from "./testing/trial-repository.ts";

const PATH = `catalog/${PROFILES}`;
const BRANCH = "studio/ada/campus-profiles-0a1b2c3d";

describe("a preview", () => {
  it("shows the difference, what it deploys, and whether somebody has to review it", async () => {
    const trial = await TrialRepository.start();
    const preview = await trial.preview(await trial.draft(memory(1, "16G")));
    expect(preview).toMatchObject({
      target: "main",
      branch: BRANCH,
      conflicts: [],
      problems: [],
      opens: "push",
    });
    expect(preview.files).toEqual([
      {
        path: PROFILES,
        isNew: false,
        difference:
          "@@ -6,4 +6,4 @@\n     mem_limit: 4G # enough\n - display_name: Large\n   kubespawner_override:\n-    mem_limit: 8G\n+    mem_limit: 16G\n",
      },
    ]);
    expect(preview.plan?.sections.map(({ title, rows }) => [title, rows.map(({ what }) => what)])).toEqual(
      expect.arrayContaining([["Staging", ["campus/staging"]]]),
    );
    expect(preview.review).toEqual({ needed: false, reasons: [] });
    const more = await trial.preview(await trial.draft(memory(1, "64G")));
    expect(more.review?.needed).toBe(true);
    expect(more.review?.reasons.join()).toContain(PATH);
    expect(trial.git("branch", "--list", "studio/*")).toBe("");
    expect(trial.studio.logged).toEqual([]);
  });

  it("reports what `lectern validate` reports, and then nothing is proposed", async () => {
    const trial = await TrialRepository.start();
    const draft = await trial.draft(([one]) => [{ ...one, node_groups: "gpu" }] as never);
    const { problems } = await trial.preview(draft);
    expect(problems).toMatchObject([{ severity: "error", file: PATH, path: "[0].node_groups" }]);
    expect((await trial.propose(draft)).problems).toEqual(problems);
    expect(trial.git("branch", "--list", "studio/*")).toBe("");
  });

  it("needs a review where GitHub can't know the author", async () => {
    const trial = await TrialRepository.start({ person: { name: "ada", email: undefined } });
    const { review } = await trial.preview(await trial.draft(memory(0, "8G")));
    expect(review).toEqual({
      needed: true,
      reasons: ["no e-mail address of ada is known here, so GitHub can't tell whose commit it is"],
    });
  });

  it("shows what was last fetched where origin is gone", async () => {
    const trial = await TrialRepository.start();
    const draft = await trial.draft(memory(0, "8G"));
    renameSync(trial.origin, `${trial.origin}-gone`);
    const { problems, files } = await trial.preview(draft);
    expect(problems).toMatchObject([{ code: "not-fetched", severity: "warning" }]);
    expect(files).toHaveLength(1);
  });

  it.each([
    ["profiles.yaml", "- display_name: A\n  images: none\n"],
    ["cluster.yaml", "hubs: [\n"],
  ])("leaves out that another cluster's %s is wrong already", async (name, text) => {
    const trial = await TrialRepository.start();
    trial.write(`catalog/clusters/other/${name}`, text);
    trial.commit("Break another cluster");
    trial.git("push", "--quiet", "origin", "main");
    const draft = await trial.draft(memory(0, "8G"));
    expect((await trial.preview(draft)).problems).toEqual([]);
    expect((await trial.propose(draft)).isPushed).toBe(true);
  });
});
