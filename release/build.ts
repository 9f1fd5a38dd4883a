import { execFileSync } from "node:child_process";
import { cpSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { withPin } from "../cli/upgrade/workflow-pins.ts";
import { filesIn } from "../packages/create-lectern/create-repository.ts";
import { type Manifest, publishedManifest, type Repository } from "./manifest.ts";

// `npm run build`: makes the packages in dist/, each in a folder that `npm pack` takes as it is.
const ROOT = join(import.meta.dirname, "..");
const LECTERN = join(ROOT, "dist/lectern");
const CREATE = join(ROOT, "dist/create-lectern");
const TEMPLATE = "templates/institution";

/** What the code reads at run time beside JavaScript, and what people and their editors read. */
const OTHER_FILES = [
  "{cli,components,sandbox}/**/*.{mjs,js,css,py}",
  "policies/*.{cjs,json,yaml}",
  "docs/**/*.{md,json}",
];
const TEXTS = ["LICENSE", "README.md", "CHANGELOG.md"];

for (const folder of [LECTERN, CREATE]) rmSync(folder, { recursive: true, force: true });
buildLectern();
buildCreateLectern();

function buildLectern(): void {
  compile("tsconfig.build.json");
  buildPage(join(LECTERN, "dist/studio"));
  const others = globSync(OTHER_FILES, { cwd: ROOT, exclude: ["**/{testing,fixtures}/**"] });
  for (const path of [...others, ...TEXTS]) copy(path, join(LECTERN, path));
  writeManifest(readManifest("package.json"), LECTERN);
}

function buildCreateLectern(): void {
  const own = "packages/create-lectern";
  compile(`${own}/tsconfig.json`);
  copy("LICENSE", join(CREATE, "LICENSE"));
  copy(`${own}/README.md`, join(CREATE, "README.md"));
  const template = join(CREATE, "template");
  for (const path of filesIn(join(ROOT, TEMPLATE))) copy(join(TEMPLATE, path), join(template, path));
  pinWorkflows(template, process.env);
  // npm takes no .gitignore into a package, and leaves out what one names.
  renameSync(join(template, ".gitignore"), join(template, "gitignore"));
  writeManifest(readManifest(`${own}/package.json`), CREATE, own);
}

function compile(project: string): void {
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", project], { cwd: ROOT, stdio: "inherit" });
}

/** The page of the studio, with the packages that it is built of and their licenses. */
function buildPage(folder: string): void {
  const vite = join(ROOT, "node_modules/vite/bin/vite.js");
  const config = join(ROOT, "studio/web/vite.config.ts");
  const args = [vite, "build", "--config", config, "--outDir", folder, "--emptyOutDir", "--logLevel", "warn"];
  execFileSync(process.execPath, args, { cwd: ROOT, stdio: "inherit" });
}

function copy(path: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  cpSync(join(ROOT, path), target);
}

function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, path), "utf8"));
}

function writeManifest(own: Manifest, folder: string, directory?: string): void {
  const text = JSON.stringify(publishedManifest(own, repositoryOf(process.env, directory)), null, 2);
  writeFileSync(join(folder, "package.json"), `${text}\n`);
}

/** Workflows of the template call this repository's at this very commit, where that is one on GitHub. */
function pinWorkflows(template: string, environment: Readonly<Record<string, string | undefined>>): void {
  const { GITHUB_REPOSITORY: repository, GITHUB_SHA: commit } = environment;
  if (!repository || !commit) return;
  const { version } = readManifest("package.json");
  for (const path of globSync(".github/workflows/*.yml", { cwd: template })) {
    const file = join(template, path);
    writeFileSync(file, withPin(readFileSync(file, "utf8"), { repository, commit, version }));
  }
}

/** The repository in which a workflow builds; none elsewhere. */
function repositoryOf(
  environment: Readonly<Record<string, string | undefined>>,
  directory: string | undefined,
): Repository | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_SHA: commit } = environment;
  if (!server || !repository || !commit) return undefined;
  return { url: `${server}/${repository}`, commit, ...(directory !== undefined && { directory }) };
}
