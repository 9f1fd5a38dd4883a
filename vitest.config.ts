import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{components,stacks,plan,cli,sandbox,test}/**/*.test.ts"],
    testTimeout: 300_000,
    hookTimeout: 120_000,
    // A poll waits for another process; how quick that is says nothing.
    expect: { poll: { timeout: 60_000 } },
    // Most tests wait for processes of their own: one a core keeps the cores busy.
    maxWorkers: 2,
    reporters: ["default", "./test/closing-line.ts"],
  },
});
