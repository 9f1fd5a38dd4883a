import { accessSync, constants, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { LecternError } from "../../components/problem/problem.ts";

/** The programs of a real Pulumi engine. */
export interface Tools {
  /** The `pulumi` command, absolute. */
  readonly cli: string;
  /** The PATH on which it finds the rest: Node, the language host, the dynamic provider's script. */
  readonly path: string;
}

/**
 * Finds the Pulumi CLI and its language host for Node.js.
 * @throws {LecternError} where one is missing
 */
export function findTools(projectRoot: string, path = process.env["PATH"] ?? ""): Tools {
  const folders = path.split(delimiter).filter((folder) => folder !== "");
  const cli = findOnPath("pulumi", folders);
  if (!cli) {
    throw missing(
      "`pulumi` is not on PATH",
      "Install the Pulumi CLI (https://www.pulumi.com/docs/install), or use the sandbox's own engine: `--engine sandbox`",
    );
  }
  // An installation has its language hosts beside the CLI.
  if (!findOnPath("pulumi-language-nodejs", [...folders, dirname(realpathSync(cli))])) {
    throw missing(
      "the Pulumi CLI is on PATH, but its language host `pulumi-language-nodejs` is neither there nor beside it",
      "Install the whole Pulumi CLI (https://www.pulumi.com/docs/install), or use the sandbox's own engine: `--engine sandbox`",
    );
  }
  const sdk = dirname(
    createRequire(join(projectRoot, "package.json")).resolve("@pulumi/pulumi/package.json"),
  );
  return { cli, path: [dirname(process.execPath), ...folders, sdk].join(delimiter) };
}

/** A program in the folders of a PATH, absolute; undefined where there is none. */
export function findOnPath(name: string, folders: readonly string[]): string | undefined {
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

const missing = (message: string, remedy: string) =>
  new LecternError({ code: "no-pulumi", severity: "error", path: "--engine", message, remedy });
