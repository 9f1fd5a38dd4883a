import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";

const SERVICES = ["test/services/**/*.test.ts"];
const ENGINE = ["test/engine/**/*.test.ts"];
// Tests that start the sandbox, its engine or the SDK's provider process.
const SANDBOX = [
  "test/{sandbox,contract,upgrade,package,docs,workflows}/**/*.test.ts",
  "sandbox/engine/{*,provider/!(provider-errors)}.test.ts",
];

/** A busy machine is no failure, least of all of tests that wait for other processes. */
const PATIENT: TestProjectInlineConfiguration["test"] = {
  testTimeout: 300_000,
  hookTimeout: 120_000,
  expect: { poll: { timeout: 60_000 } },
};

export default defineConfig({
  test: {
    projects: [
      // Whatever no other project names: a new folder's tests are unit tests until they need a process.
      {
        test: {
          ...PATIENT,
          name: "unit",
          include: [
            "{components,stacks,plan,cli,policies,sandbox,studio,release,packages,test}/**/*.test.ts",
          ],
          exclude: ["**/node_modules/**", ...SERVICES, ...ENGINE, ...SANDBOX],
          // A worker loads a module once for all files, which halves the time: no test leaves anything in one.
          isolate: false,
        },
      },
      { test: { ...PATIENT, name: "sandbox", include: SANDBOX } },
      { test: { ...PATIENT, name: "services", include: SERVICES } },
      { test: { ...PATIENT, name: "engine", include: ENGINE } },
    ],
    globalSetup: "./test/temporary-folder.ts",
    // Most tests wait for processes of their own: one a core keeps the cores busy.
    maxWorkers: 2,
    reporters: ["default", "./test/tier-times.ts", "./test/closing-line.ts"],
  },
});
