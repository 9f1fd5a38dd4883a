import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { comment } from "../../../cli/comment/comment.ts";
import { boundPlan } from "../../../plan/digest/plan-digest.ts";
import { requireService } from "../../services/require.ts";
import { findHubProgramsWithHelm } from "../hubs/hub-place.ts";
import { CANARY, CommentPlace } from "./comment-place.ts";

const MINUTES = 60_000;

requireService(
  "the real Pulumi with its Kubernetes plugin, Helm, and a Kubernetes API",
  findHubProgramsWithHelm,
  (programs) => {
    let place: CommentPlace;
    beforeAll(async () => {
      place = await CommentPlace.start(programs);
    }, 5 * MINUTES);
    afterAll(() => place?.stop());

    it("composes the comment on a pull request of real previews", { timeout: 10 * MINUTES }, async () => {
      const file = (name: string) => join(place.folder, name);
      const base = place.copyCatalog("base");
      for (const stack of ["staging", "prod"] as const) await place.deploy(stack);
      place.change();
      for (const stack of ["staging", "prod"] as const) {
        writeFileSync(file(`${stack}.json`), await place.preview(stack));
      }
      // Nothing has changed since, so an approval of the first preview still holds.
      const again = JSON.parse(await place.preview("staging"));
      const first = JSON.parse(readFileSync(file("staging.json"), "utf8"));
      expect(boundPlan(again)).toEqual(boundPlan(first));
      writeFileSync(file("plan.json"), JSON.stringify(PLAN));
      const code = await comment({
        plan: file("plan.json"),
        preview: [`staging=${file("staging.json")}`, `prod=${file("prod.json")}`],
        base,
        head: place.repository.catalog,
        commit: "3e1a9d4f00c0ffee",
        runUrl: "https://github.com/my-university/teaching/actions/runs/1",
        artifactUrl: "https://github.com/my-university/teaching/actions/runs/1/artifacts/2",
        credentials: true,
        output: file("comment.md"),
        whole: file("whole.md"),
      });
      expect(code).toBe(0);
      const [text, whole] = ["comment.md", "whole.md"].map((name) => readFileSync(file(name), "utf8"));
      expect(`${text}${whole}`).not.toContain(CANARY);
      expect(whole).toBe(text);
      await expect(withoutDigests(text ?? "")).toMatchFileSnapshot("comment.golden.md");
    });
  },
);

/** What the planner prints of a change that it finds nothing in but this file. */
const PLAN = {
  ...{ version: 1, labels: [], stacks: { staging: [], prod: [] }, untracked: ["README.md"] },
  ...{ support: [], staging: [], prod: [], articles: [], kernels: [], images: [] },
};

/** The plans' digests have the ports of this run in them. */
const withoutDigests = (text: string) => text.replaceAll(/`[0-9a-f]{16}([0-9a-f]{48})?`/g, "`DIGEST`");
