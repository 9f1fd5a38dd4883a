import { execFile } from "node:child_process";
import { z } from "zod";
import { jsonOf } from "../../components/problem/json.ts";
import { LecternError } from "../../components/problem/problem.ts";
import { runReportSchema } from "../../plan/model.ts";
import { pulumiIn } from "../pulumi/call.ts";
import { PulumiProject } from "../pulumi/project.ts";
import { listStacks } from "../stacks/list.ts";

/** What a preview of each stack plans, one line per change, sorted. */
export type Previews = Readonly<Record<string, string[]>>;

const SANDBOX = "sandbox";
const IS_NO_CHANGE: ReadonlySet<string> = new Set(["same", "read", "refresh"]);

/**
 * Previews stacks with the version that is installed.
 * @param command the installed `lectern`
 * @throws {LecternError} with every preview that fails
 */
export async function previewsOf(
  root: string,
  stacks: readonly string[],
  command: string,
): Promise<Previews> {
  const real = stacks.filter((stack) => stack !== SANDBOX);
  const opened = real.length > 0 ? await (await PulumiProject.open(root)).stacks(real) : [];
  const previews: Record<string, string[]> = {};
  const failed: LecternError[] = [];
  // One after the other: each loads the whole program.
  for (const stack of opened) {
    const { ok, errors, planned } = await stack.preview();
    if (ok)
      previews[stack.name] = planned.filter((line) => !IS_NO_CHANGE.has(line.split(" ")[0] ?? "")).sort();
    else failed.push(previewFailed(stack.name, errors.join("; ")));
  }
  if (stacks.includes(SANDBOX)) previews[SANDBOX] = await previewSandbox(root, command);
  if (failed.length > 0) throw new LecternError(failed.flatMap(({ problems }) => problems));
  return previews;
}

const stackList = z.array(z.object({ name: z.string() }));

/**
 * The stacks of the project that exist.
 * @throws {LecternError} where Pulumi can't tell
 */
export async function existingStacks(root: string): Promise<string[]> {
  const names = (await listStacks(root)).stacks.map(({ stack }) => stack);
  const listed = stackList.parse(JSON.parse(await pulumiIn(root)(["stack", "ls", "--json"])));
  // An organization's name comes before that of a stack.
  const there = new Set(listed.map(({ name }) => name.split("/").at(-1)));
  return names.filter((name) => there.has(name));
}

async function previewSandbox(root: string, command: string): Promise<string[]> {
  const args = [command, "sandbox", "preview", "--json"];
  const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, args, { cwd: root, maxBuffer: 2 ** 28 }, (_, stdout, stderr) =>
      resolve({ stdout, stderr }),
    );
  });
  const parsed = runReportSchema.safeParse(jsonOf(stdout));
  if (!parsed.success) throw previewFailed(SANDBOX, stderr.trim());
  const { ok, steps, diagnostics } = parsed.data;
  const errors = diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message);
  if (!ok) throw previewFailed(SANDBOX, errors.join("; "));
  return steps
    .filter(({ op }) => !IS_NO_CHANGE.has(op))
    .map(({ op, urn, changed }) => [op, urn, ...changed.toSorted()].join(" "))
    .sort();
}

function previewFailed(stack: string, cause: string): LecternError {
  return new LecternError({
    code: "preview-failed",
    severity: "error",
    message: `the preview of ${stack} fails: ${cause || "no reason is given"}`,
    remedy: "Fix that first, or choose other stacks with --stack",
  });
}
