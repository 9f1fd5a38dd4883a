import manifest from "../../../package.json" with { type: "json" };
import { type Finding, failed, passed, skipped } from "../finding.ts";
import type { World } from "../world.ts";

const INSTALL_PULUMI = "curl -fsSL https://get.pulumi.com | sh";

/** What the machine that deploys needs: Node, the Pulumi CLI and the plugins of the packages that are used. */
export async function checkMachine(world: World, packages: readonly string[]): Promise<Finding[]> {
  const cli = await world.run("pulumi", "version");
  const hasCli = cli.code === 0;
  return [
    checkNode(process.versions.node),
    hasCli
      ? passed(`Pulumi ${cli.stdout.trim().replace(/^v/, "")}`)
      : failed("the Pulumi CLI is not on PATH", INSTALL_PULUMI),
    ...(hasCli ? await checkPlugins(world, packages) : []),
  ];
}

/** @param version such as 24.21.0 */
export function checkNode(version: string): Finding {
  const wanted = manifest.engines.node.replace(/^>=/, "");
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [leastMajor = 0, leastMinor = 0] = wanted.split(".").map(Number);
  const enough = major > leastMajor || (major === leastMajor && minor >= leastMinor);
  if (enough) return passed(`Node ${version}`);
  // The package brings none.
  const brings = "optionalDependencies" in manifest;
  return failed(
    `Node ${version} is too old: ${wanted} or later is required`,
    brings ? "npm ci, which brings its own" : "Install a newer one: https://nodejs.org",
  );
}

async function checkPlugins(world: World, packages: readonly string[]): Promise<Finding[]> {
  if (packages.length === 0) return [];
  const { code, stdout, stderr } = await world.run("pulumi", "plugin", "ls", "--json");
  if (code !== 0) return [failed(`plugins can't be listed: ${firstLine(stderr)}`, "pulumi plugin ls")];
  const installed = new Set(
    (JSON.parse(stdout) as readonly { name: string; version?: string }[]).map(
      ({ name, version }) => `${name} ${version}`,
    ),
  );
  return packages.map((name) => {
    const version = (manifest.dependencies as Record<string, string>)[`@pulumi/${name}`] ?? "";
    if (installed.has(`${name} ${version}`)) return passed(`plugin ${name} ${version}`);
    const install = `pulumi plugin install resource ${name} v${version}`;
    return skipped(`plugin ${name} ${version} is not installed; the first preview downloads it`, install);
  });
}

/** The first line of what a program printed that says something. */
export const firstLine = (text: string) =>
  text
    .split("\n")
    .map((line) => line.replace(/^error: /, "").trim())
    .find((line) => line !== "") ?? "no reason is given";
