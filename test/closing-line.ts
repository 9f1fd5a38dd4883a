import type { Reporter, TestCase, TestModule } from "vitest/node";

/** Ends a run with the one line that CI reads: `N passed, N failed, N skipped`. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = { passed: 0, failed: errors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      const tests: TestCase[] = [...module.children.allTests()];
      for (const test of tests) counts[test.result().state] += 1;
      if (!module.ok() && tests.every((test) => test.result().state !== "failed")) counts.failed += 1;
    }
    process.on("exit", () => {
      process.stdout.write(
        `\n${counts.passed} passed, ${counts.failed + counts.pending} failed, ${counts.skipped} skipped\n`,
      );
    });
  }
}
