import { existsSync } from "node:fs";
import { mkdir, readFile, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { LecternError } from "../../components/problem/problem.ts";
import { findOnPath, type Tools } from "./tools.ts";

interface Place {
  /** The folder whose `node_modules` has the packages. */
  readonly projectRoot: string;
  readonly tools: Pick<Tools, "path">;
  /** The home of the sandbox's CLI. */
  readonly home: string;
  /** The home of the person's own CLI. @default PULUMI_HOME, or `~/.pulumi` */
  readonly own?: string;
}

/**
 * Lets the sandbox's CLI use the plugins that are installed for the person's own: nothing is downloaded.
 * @param packages those whose real plugins a run needs
 * @throws {LecternError} where one is missing
 */
export async function usePlugins(packages: readonly string[], place: Place): Promise<void> {
  const { home, own = process.env["PULUMI_HOME"] || join(homedir(), ".pulumi") } = place;
  const installed = join(own, "plugins");
  for (const name of packages) {
    const version = await versionOf(name, place.projectRoot);
    const isOnPath = findOnPath(`pulumi-resource-${name}`, place.tools.path.split(delimiter)) !== undefined;
    if (!isOnPath && !existsSync(join(installed, `resource-${name}-v${version}`)))
      throw missing(name, version);
  }
  if (packages.length === 0 || existsSync(join(home, "plugins"))) return;
  await mkdir(installed, { recursive: true });
  await symlink(installed, join(home, "plugins"), "junction");
}

async function versionOf(name: string, projectRoot: string): Promise<string> {
  const file = createRequire(join(projectRoot, "package.json")).resolve(`@pulumi/${name}/package.json`);
  const { version } = JSON.parse(await readFile(file, "utf8")) as { version: string };
  return version.replace(/^v/, "");
}

const missing = (name: string, version: string) =>
  new LecternError({
    code: "no-plugin",
    severity: "error",
    path: "--engine",
    message: `Pulumi's plugin ${name} ${version} is not installed`,
    remedy: `Run \`pulumi plugin install resource ${name} v${version}\``,
  });
