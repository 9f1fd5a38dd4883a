import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { isObject } from "../../../components/json.ts";
import { jsonOf } from "../../../components/problem/json.ts";
import { LecternError } from "../../../components/problem/problem.ts";
import { environmentOf } from "../../../stacks/shards/stack-name.ts";
import type { ReadStack } from "./map-of-stack.ts";
import { parseState } from "./stack-state.ts";

/**
 * Every stack of the sandbox, on its own engine and on the Pulumi CLI.
 * @param folder that of `lectern sandbox --state`
 * @throws {LecternError} where there is none, or a state can't be read
 */
export async function readSandbox(folder: string, at: string): Promise<ReadStack[]> {
  const files = await stateFiles(folder);
  if (files.length === 0) throw noState(folder);
  return Promise.all(files.map(async ({ stack, file }) => readState(stack, file, at)));
}

/** Whether the sandbox has deployed something to this folder. */
export const hasState = async (folder: string): Promise<boolean> => (await stateFiles(folder)).length > 0;

async function stateFiles(folder: string): Promise<{ stack: string; file: string }[]> {
  const backend = join(folder, "pulumi", "backend", ".pulumi", "stacks");
  const projects = (await namesIn(backend)).map((project) => join(backend, project));
  const found = await Promise.all([join(folder, "state"), ...projects].map(statesIn));
  return found.flat();
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);

/** Not its backups and locks. */
async function statesIn(folder: string): Promise<{ stack: string; file: string }[]> {
  return (await namesIn(folder))
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => ({ stack: name.slice(0, -".json".length), file: join(folder, name) }));
}

async function readState(stack: string, file: string, at: string): Promise<ReadStack> {
  const document = jsonOf(await readFile(file, "utf8"));
  const state = parseState(ofBackend(document) ?? document);
  if (!state) throw noStateIn(file);
  return { stack, environment: environmentOf(stack), at, state, history: [], complete: false };
}

/** A file backend keeps the deployment in a checkpoint. */
function ofBackend(document: unknown): unknown {
  const checkpoint = isObject(document) ? document["checkpoint"] : undefined;
  return isObject(checkpoint) ? { version: 3, deployment: checkpoint["latest"] ?? {} } : undefined;
}

const noState = (folder: string) =>
  new LecternError({
    code: "no-state",
    severity: "error",
    file: folder,
    path: "--state",
    message: "the folder has no state of the sandbox",
    remedy:
      "Deploy to it first with `lectern sandbox --state`, or leave --state out for the stacks of this project",
  });

const noStateIn = (file: string) =>
  new LecternError({
    code: "damaged-state",
    severity: "error",
    file,
    message: "the file is not a state",
    remedy: "Restore the backup beside it, or move the file away",
  });
