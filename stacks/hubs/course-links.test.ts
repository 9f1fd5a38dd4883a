import { expect, it } from "vitest";
import type { ClusterDeclaration } from "../../components/cluster/declaration/cluster-declaration.ts";
import type { Catalog } from "../catalog.ts";
import { courseLinks } from "./course-links.ts";

const hub = (name: string, more: object = {}) => ({
  id: `campus/${name}`,
  environment: name === "staging" ? "staging" : "prod",
  health: {},
  retire: false,
  domain: `${name}.example.org`,
  ...more,
});
const DECLARED = [
  { hubs: [hub("staging"), hub("prod"), hub("old", { retire: true }), hub("hidden", { domain: undefined })] },
] as unknown as ClusterDeclaration[];
const CATALOG = {
  courses: [{ name: "bell-states", folder: "catalog/courses/bell-states" }],
} as unknown as Catalog;
const config = {
  courseRepository: { url: "https://github.com/o/teaching", branch: "main" },
  catalog: "catalog",
};

it("each course has a link for each hub of the stack's environments that people can reach", () => {
  const links = courseLinks(CATALOG, DECLARED, ["prod"], config);
  expect(Object.keys(links)).toEqual(["course/bell-states"]);
  expect(Object.keys(links["course/bell-states"] ?? {})).toEqual(["campus/prod"]);
  const { origin, searchParams } = new URL(links["course/bell-states"]?.["campus/prod"] ?? "");
  expect([origin, searchParams.get("urlpath")]).toEqual([
    "https://prod.example.org",
    "lab/tree/teaching/catalog/courses/bell-states",
  ]);
});

it("there are none where nothing says where hubs get notebooks from, and where no hub is reached", () => {
  expect(courseLinks(CATALOG, DECLARED, ["prod"], { ...config, courseRepository: undefined })).toEqual({});
  expect(courseLinks(CATALOG, [], ["prod"], config)).toEqual({});
});
