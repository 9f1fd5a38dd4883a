import { execFile } from "node:child_process";
import { existsSync, globSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { LecternError } from "../../components/problem/problem.ts";

/** What the page is built of, beside packages. */
const SOURCES = ["studio/{web,api}/**/*.*", "{components,plan}/**/*.ts", "package-lock.json"];

/**
 * The folder of the built page. The package brings it; in a clone it is built where it is missing, or older than its
 * sources.
 * @param own the folder of the sources, or of the package
 */
export async function builtPage(own: string, log: (line: string) => void): Promise<string> {
  const page = join(own, "dist/studio");
  const config = join(own, "studio/web/vite.config.ts");
  if (!existsSync(config) || isCurrent(own, join(page, "index.html"))) return page;
  const vite = join(own, "node_modules/vite/bin/vite.js");
  if (!existsSync(vite)) throw withoutVite();
  log("Building the page.");
  // Another studio may be building it, too, or serving the one that is there.
  const fresh = `${page}-${process.pid}`;
  const args = [vite, "build", "--config", config, "--outDir", fresh, "--emptyOutDir", "--logLevel", "warn"];
  await promisify(execFile)(process.execPath, args, { cwd: own });
  rmSync(page, { recursive: true, force: true });
  renameSync(fresh, page);
  return page;
}

function isCurrent(own: string, built: string): boolean {
  const time = statSync(built, { throwIfNoEntry: false })?.mtimeMs;
  if (time === undefined) return false;
  return globSync(SOURCES, { cwd: own }).every((path) => statSync(join(own, path)).mtimeMs <= time);
}

const withoutVite = () =>
  new LecternError({
    code: "page-not-built",
    severity: "error",
    message: "the studio's page is not built, and what builds it is not installed",
    remedy: "Run `npm ci` with development's packages, or install the package, which brings the page",
  });
