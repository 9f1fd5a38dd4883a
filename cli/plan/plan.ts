import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { LecternError } from "../../components/problem/problem.ts";
import { planFromPulumi } from "../../plan/from-pulumi.ts";
import { columnsOf } from "../../plan/terminal/layout.ts";
import { planLines } from "../../plan/terminal/report.ts";

/**
 * `lectern plan`: a plan of the Pulumi CLI, as the sandbox shows its own.
 * @param file what `pulumi preview --json --show-sames` printed; `-` is standard input
 * @returns the exit code: 0 a plan, 1 a plan with errors, or no plan
 */
export async function showPlan(file: string, { json }: { json?: boolean }): Promise<0 | 1> {
  try {
    const plan = planFromPulumi(documentIn(file, await read(file)));
    const warnings = plan.diagnostics.filter(({ severity }) => severity === "warning");
    const lines = [
      ...warnings.map(({ message }) => `  ! ${message}`),
      ...planLines(plan, columnsOf(process.stdout)),
    ];
    process.stdout.write(json ? `${JSON.stringify(plan, null, 2)}\n` : `${lines.join("\n")}\n`);
    return plan.ok ? 0 : 1;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    return 1;
  }
}

async function read(file: string): Promise<string> {
  if (file === "-") return text(process.stdin);
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw noPlan(file, `the file can't be read (${error.code})`);
  });
}

function documentIn(file: string, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    // An early failure of the CLI is printed as text.
    const [first = ""] = content.trim().split("\n");
    throw noPlan(
      file,
      first === "" ? "it is empty: the preview failed" : `it is not JSON, but begins with: ${first}`,
    );
  }
}

const noPlan = (file: string, message: string) =>
  new LecternError({
    code: "no-plan",
    severity: "error",
    file: file === "-" ? "standard input" : file,
    message,
    remedy: "Write it with `pulumi preview --json --show-sames`, and see the preview's own errors",
  });
