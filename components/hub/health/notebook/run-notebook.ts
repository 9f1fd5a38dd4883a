import { readFile } from "node:fs/promises";
import { digestOf } from "../../../digest.ts";
import { type NotebookCells, notebookCells } from "../../../jupyter/notebook-cells.ts";
import { didYouMean } from "../../../problem/nearest.ts";
import { HubFault } from "../hub-fault.ts";
import type { TimeLimit } from "../time-limit.ts";
import type { ServerKernels } from "./server-kernels.ts";

/** A notebook as the program names it. */
export interface NamedNotebook {
  /** Relative to the project. */
  readonly path: string;
  readonly digest: string;
}

/** @throws {HubFault} where the file is missing, is no notebook, or is not the one that the plan has shown */
export async function readNotebook({ path, digest }: NamedNotebook): Promise<NotebookCells> {
  const bytes = await readFile(path).catch(() => undefined);
  const again = "Deploy again, so that the plan takes the file as it is";
  if (!bytes)
    throw new HubFault(`the notebook ${path} can't be read`, "Check `health.notebook`", { final: true });
  if (digestOf(bytes) !== digest)
    throw new HubFault(`the notebook ${path} has changed since the deployment began`, again, { final: true });
  const cells = notebookCells(bytes.toString("utf8"));
  if (!cells)
    throw new HubFault(`${path} is not a notebook`, "Save it as a notebook of nbformat 4", { final: true });
  return cells;
}

/**
 * Executes the cells in order in one kernel of a server; the kernel ends with its server.
 * @throws {HubFault} at the first cell that fails, with the end of its traceback
 */
export async function runNotebook(
  path: string,
  { kernel, cells }: NotebookCells,
  kernels: ServerKernels,
  limit: TimeLimit,
): Promise<void> {
  const names = await kernels.names();
  const name = kernel ?? names[0] ?? "python3";
  if (!names.includes(name))
    throw new HubFault(
      `the notebook ${path} needs the kernel ${name}, and the server has ${names.join(", ") || "none"}`,
      didYouMean(name, names, "Name a kernel of the hub's default image in the notebook"),
      { final: true },
    );
  const id = await kernels.start(name);
  for (const { number, code, mayFail } of cells) {
    if (limit.left() === 0)
      throw new HubFault(
        `the time of the check ended before cell ${number} of the notebook ${path}`,
        "Take a shorter notebook",
      );
    const { traceback } = await kernels.execute(id, code, limit.forCall(LONGEST_CELL));
    if (traceback !== undefined && !mayFail)
      throw new HubFault(
        `cell ${number} of the notebook ${path} failed:\n${lastLines(traceback)}\n`,
        "Fix the image or the notebook",
      );
  }
}

const LONGEST_CELL = 600_000;

/** A traceback says what went wrong at its end. */
const lastLines = (text: string) => text.trimEnd().split("\n").slice(-8).join("\n");
