#!/usr/bin/env node
import { parseArgs } from "node:util";
import { createRepository, Refusal } from "./create-repository.ts";

const USAGE = `Usage: npm create lectern DIR [-- --empty]

Makes a repository in DIR that deploys courses, blogs, kernels, images and JupyterHubs with Lectern.

Options:
  --empty     without the example course and kernel
  -h, --help  print this help
`;

process.exitCode = main(process.argv.slice(2));

function main(args: string[]): 0 | 1 | 2 {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { empty: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
    const [folder, ...more] = positionals;
    if (values.help) {
      process.stdout.write(USAGE);
      return 0;
    }
    if (folder === undefined || more.length > 0) return wrongUsage("Name one folder");
    const files = createRepository(folder, values.empty === true);
    process.stdout.write(`${report(folder, files)}\n`);
    return 0;
  } catch (error) {
    if (error instanceof TypeError && "code" in error) return wrongUsage(error.message);
    if (!(error instanceof Refusal)) throw error;
    process.stderr.write(`error: ${error.message}\n`);
    return 1;
  }
}

function wrongUsage(message: string): 2 {
  process.stderr.write(`error: ${message}.\n\n${USAGE}`);
  return 2;
}

function report(folder: string, files: readonly string[]): string {
  return [
    ...files.map((file) => `+ ${file}`),
    "",
    `Made a repository in ${folder}. Then:`,
    `  cd ${/^[\w./-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", "'\\''")}'`}`,
    "  git init",
    "  npm install",
    "  npm run check      # check everything as a deployment would",
    "  npm run sandbox    # deploy to stand-in services on this machine",
  ].join("\n");
}
