import { expect, it } from "vitest";
import own from "../package.json" with { type: "json" };
import { publishedManifest } from "./manifest.ts";

const published = publishedManifest(own);

it("publishes JavaScript and declarations of every source that is exported", () => {
  expect(published["exports"]).toMatchObject({
    "./program": { types: "./index.d.ts", default: "./index.js" },
    "./registry": { types: "./components/registry.d.ts", default: "./components/registry.js" },
    "./schema/*": "./docs/schema/*",
  });
  expect(JSON.stringify(published)).not.toMatch(/(?<!\.d)\.ts"/);
});

it("publishes exact dependencies, without what only development needs", () => {
  expect(published["dependencies"]).toEqual(own.dependencies);
  const known = ["name", "version", "license", "bin", "engines", "exports", "dependencies"];
  expect(Object.keys(published)).toEqual(expect.arrayContaining(known));
  for (const key of ["private", "scripts", "devDependencies", "optionalDependencies", "workspaces"]) {
    expect(published).not.toHaveProperty(key);
  }
});

it("names the repository that a package comes from, which provenance is checked against", () => {
  const commit = "0123456789".repeat(4);
  const repository = { url: "https://github.com/my-organization/lectern", directory: "packages/one", commit };
  expect(publishedManifest(own, repository)).toMatchObject({
    repository: {
      type: "git",
      url: "git+https://github.com/my-organization/lectern.git",
      directory: "packages/one",
    },
    gitHead: commit,
  });
});
