import { relative } from "node:path";
import type { Reporter, TestCase, TestModule } from "vitest/node";

/**
 * Ends a run with the one line that CI reads: `N passed, N failed, N skipped`. What failed is named just
 * above it, so that a log of which only the end is kept still says it.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = { passed: 0, failed: errors.length, skipped: 0, pending: 0 };
    const failures: string[] = [];
    for (const module of modules) {
      const tests: TestCase[] = [...module.children.allTests()];
      for (const test of tests) counts[test.result().state] += 1;
      const failed = tests.filter((test) => test.result().state === "failed");
      for (const test of failed) failures.push(describe(module, test.fullName, test.result().errors));
      if (!module.ok() && failed.length === 0) {
        counts.failed += 1;
        failures.push(describe(module, "the file itself", module.errors()));
      }
    }
    process.on("exit", () => {
      const { passed, failed, pending, skipped } = counts;
      for (const failure of failures) process.stdout.write(`\n${failure}\n`);
      process.stdout.write(`\n${passed} passed, ${failed + pending} failed, ${skipped} skipped\n`);
    });
  }
}

const EXCERPT = 600;

function describe(
  module: TestModule,
  name: string,
  errors: readonly { readonly message: string }[] = [],
): string {
  const file = relative(module.project.config.root, module.moduleId);
  const messages = errors.map(({ message }) => message);
  // The end of a long message holds what a process inside the test said last.
  const shown = messages.map((text) => (text.length > 2 * EXCERPT ? shortened(text) : text));
  return [`failed: ${file}: ${name}`, ...shown].join("\n");
}

function shortened(text: string): string {
  return `${text.slice(0, EXCERPT)}\n[…]\n${text.slice(-EXCERPT)}`;
}
