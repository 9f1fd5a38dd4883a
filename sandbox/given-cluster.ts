import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Context } from "@kubernetes/client-node";
import { parse } from "yaml";
import { isObject } from "../components/json.ts";
import { LecternError } from "../components/problem/problem.ts";
import type { SandboxOptions } from "./options.ts";

/** A cluster that a person gives to the sandbox, which then stands for each of the catalog's. */
export interface GivenCluster {
  /** The text of a kubeconfig for a cluster of the catalog. @param folder that cluster's */
  kubeconfigFor(folder: string): Promise<string>;
}

/**
 * Reads the kubeconfig that `--kubeconfig` names.
 * @returns undefined where none is given
 * @throws {LecternError} where it can't be read, has no current context, or is given to the sandbox's own engine
 */
export async function givenCluster({
  kubeconfig: file,
  engine,
}: Partial<Pick<SandboxOptions, "kubeconfig" | "engine">>): Promise<GivenCluster | undefined> {
  if (file === undefined) return undefined;
  if (engine !== "pulumi")
    throw problem("the sandbox's own engine installs nothing on clusters", "Add --engine pulumi");
  const text = await readFile(file, "utf8").catch(() => {
    throw problem(`the file ${file} can't be read`, "Name a kubeconfig");
  });
  const { KubeConfig } = await import("@kubernetes/client-node");
  const current = currentContext(text, new KubeConfig());
  if (!current)
    throw problem(`the file ${file} is no kubeconfig with a current context`, "Name one that has it");
  return { kubeconfigFor: async (folder) => named(await contextOf(folder), text, new KubeConfig()) };
}

type Config = InstanceType<typeof import("@kubernetes/client-node").KubeConfig>;

function currentContext(text: string, config: Config): Context | null {
  try {
    config.loadFromString(text);
    return config.getContextObject(config.getCurrentContext());
  } catch {
    return null;
  }
}

/** The kubeconfig with its current context called as the catalog calls it. */
function named(name: string | undefined, text: string, config: Config): string {
  const current = currentContext(text, config);
  if (name === undefined || !current) return text;
  config.contexts = [{ ...current, name }];
  config.setCurrentContext(name);
  return config.exportConfig();
}

/** What `provider.context` of a cluster's file is; the program reports what is wrong with the file. */
async function contextOf(folder: string): Promise<string | undefined> {
  try {
    const declared: unknown = parse(await readFile(join(folder, "cluster.yaml"), "utf8"));
    const provider = isObject(declared) ? declared["provider"] : undefined;
    const context = isObject(provider) ? provider["context"] : undefined;
    return typeof context === "string" ? context : undefined;
  } catch {
    return undefined;
  }
}

const problem = (message: string, remedy: string) =>
  new LecternError({ code: "usage", severity: "error", path: "--kubeconfig", message, remedy });
