import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { digestOf } from "../digest.ts";
import type { ProviderContext } from "../resource/context/context.ts";
import type { ValidationBaseline, ValidationTarget } from "./article-contract.ts";
import { articleConfig } from "./config.ts";

/**
 * Identifies what validates an article's content: the code of the checks, the packages that it uses, and
 * the stack's rules. Content in which the same checks found nothing need not be read again.
 */
export function checksDigest(
  { declaredKernels }: Pick<ValidationTarget, "declaredKernels">,
  context: ProviderContext,
): string {
  const { rules, embedHosts, source } = context.config(articleConfig);
  const code = context.once("article: digest of the checks' code", codeDigest);
  const used = JSON.stringify([code, rules, embedHosts, source, declaredKernels ?? null]);
  return digestOf(used).slice("sha256:".length, "sha256:".length + 16);
}

function codeDigest(): string {
  const root = join(import.meta.dirname, "..", "..");
  // Compiled, the same files end in `.js`; the package's own file names the exact versions that it uses.
  const files = globSync("components/{article,problem}/**/*.{ts,js}", { cwd: root }).sort();
  return digestOf(Buffer.concat([...files, "package.json"].map((file) => readFileSync(join(root, file)))));
}

/** Whether something may be sent: nothing is if content and settings are those of the last deployment. */
export function sends(before: ValidationBaseline | undefined, wanted: ValidationTarget): boolean {
  const keys = ["fingerprint", "titlePrefix", "visibility", "customId", "confirmAbsent"] as const;
  return keys.some((key) => before?.[key] !== wanted[key]);
}
