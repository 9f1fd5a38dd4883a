import { type Command, InvalidArgumentError } from "commander";
import { projectFolder } from "../../stacks/project-folder.ts";
import type { RbacOptions } from "./print-rbac.ts";
import type { Subject } from "./rbac.ts";

/** Adds `lectern cluster`. */
export function addCluster(program: Command): void {
  const cluster = program.command("cluster").description("give CI access to a cluster");
  const command = cluster
    .command("rbac")
    .description(
      "print the least roles that CI's accounts need in a cluster, as manifests for `kubectl apply`",
    )
    .argument("<name>", "the cluster's folder in the catalog")
    .option("--catalog <dir>", "the catalog, relative to the project", "catalog")
    .option("--prepull-namespace <name>", "where the prepuller runs, as lectern:clusters has it");
  for (const [account, does] of [
    ["staging", "deploys staging"],
    ["prod", "deploys production"],
    ["preview", "only previews"],
  ] as const) {
    command.option(
      `--${account} <subject>`,
      `who ${does}, as Group:name or User:name`,
      subject,
      subject(`Group:lectern-${account}`),
    );
  }
  command.action(async (name: string, options: RbacOptions) => {
    const { printRbac } = await import("./print-rbac.ts");
    process.exitCode = await printRbac(projectFolder(), name, options);
  });
}

function subject(text: string): Subject {
  const [, kind, name] = /^(User|Group):(.+)$/.exec(text) ?? [];
  if ((kind !== "User" && kind !== "Group") || name === undefined)
    throw new InvalidArgumentError("Expected Group:name or User:name.");
  return { kind, name };
}
