import { expect, it } from "vitest";
import type { ApiProblem } from "../../../../api/problem.ts";
import { atField, byRow, elsewhere } from "./field-problems.ts";

const FILE = "clusters/campus/profiles.yaml";
const problem = (path: string | undefined, file = FILE): ApiProblem => ({
  code: "wrong",
  severity: "error",
  message: "wrong",
  remedy: "Change it",
  file,
  ...(path === undefined ? {} : { path }),
});

it("problems belong to the profile and the field of their path", () => {
  const limit = problem("[1].kubespawner_override.mem_limit");
  const choice = problem('profiles[1].profile_options["a.b"].choices');
  const all = [
    limit,
    choice,
    problem("[0]"),
    problem(undefined),
    problem("[1]", "clusters/campus/images.yaml"),
  ];
  const found = byRow(all, FILE);
  expect(found.get(1)).toEqual([limit, choice]);
  expect(found.get(-1)).toEqual([problem(undefined)]);
  expect(atField([limit, choice], ["kubespawner_override", "mem_limit"])).toEqual([limit]);
  expect(atField([limit, choice], ["kubespawner_override"])).toEqual([limit]);
  expect(atField([limit, choice], ["profile_options", "a.b", "choices"])).toEqual([choice]);
  expect(elsewhere([limit, choice], [["kubespawner_override"]])).toEqual([choice]);
});
