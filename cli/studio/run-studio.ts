import { execFile } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import { userInfo } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { LecternError } from "../../components/problem/problem.ts";
import { systemClock } from "../../components/resource/context/clock.ts";
import { projectFolder } from "../../stacks/project-folder.ts";
import { hubAccess } from "../../studio/server/access/hub/hub-access.ts";
import { hubMail, isMailSetting } from "../../studio/server/access/hub/hub-mail.ts";
import { hubSettings, isHubService } from "../../studio/server/access/hub/hub-settings.ts";
import { localAccess } from "../../studio/server/access/local.ts";
import { buildStudio } from "../../studio/server/app.ts";
import type { Person, StudioContext } from "../../studio/server/context.ts";
import type { MapFiles } from "../report/map-of-files.ts";
import { builtPage } from "./built-page.ts";

/** The folder of the sources, or of the package. */
const OWN = join(import.meta.dirname, "../..");
const HOST = "127.0.0.1";

/** What a person gave on the command line. */
export interface StudioCommandOptions {
  readonly catalog: string;
  readonly port?: number;
  readonly hubGroups?: readonly string[];
  /** The domain of the addresses of people who sign in at a JupyterHub, or `github`. */
  readonly hubMail?: string;
  /** Files and folders with reports of what is deployed. */
  readonly reports?: readonly string[];
  /** The state folder of the sandbox. */
  readonly state?: string;
}

/** Serves the studio until the process is asked to end. @returns the exit code */
export async function runStudio(options: StudioCommandOptions): Promise<number> {
  const root = projectFolder();
  const catalog = catalogIn(root, options.catalog);
  const deployed = deployedIn(root, options);
  const studio = { root, catalog, clock: systemClock, log: print, deployed, ...forge(process.env) };
  const page = await builtPage(OWN, print);
  const app = isHubService(process.env)
    ? await serveForHub(options, studio, page)
    : await serveHere(options, studio, page);
  // The sandbox, which starts a studio beside its services, takes it along when it ends.
  await Promise.race(["SIGINT", "SIGTERM", "disconnect"].map((name) => once(process, name)));
  await app.close();
  if (process.connected) process.disconnect();
  return 0;
}

/** On one's own machine: for whoever opens the address that is printed. */
async function serveHere({ port = 0 }: StudioCommandOptions, studio: StudioContext, page: string) {
  const invite = () => print(`  http://${HOST}:${portOf(app)}/${access.invitation()}`);
  const access = localAccess("/", await committer(studio.root), () => {
    print("A browser has signed in. For another one:");
    invite();
  });
  const app = await buildStudio({ studio, access, base: "/", page });
  await listen(app, HOST, port);
  print("The studio is running; Ctrl-C stops it. Open this address, which works once:");
  invite();
  return app;
}

/** As a service of a JupyterHub, which tells in its environment where people find both. */
async function serveForHub(
  { hubGroups = [], hubMail: domain }: StudioCommandOptions,
  studio: StudioContext,
  page: string,
) {
  if (domain !== undefined && !isMailSetting(domain)) throw unknownMail(domain);
  const settings = hubSettings(process.env);
  const mail = hubMail(domain, { fetch, environment: process.env });
  const access = hubAccess({ settings, groups: hubGroups, mail, fetch, clock: systemClock });
  const app = await buildStudio({ studio, access, base: settings.base, page });
  await listen(app, settings.listen.host, settings.listen.port);
  print(`The studio is running as a service of the JupyterHub, at ${settings.base}.`);
  return app;
}

async function listen(app: StudioServer, host: string, port: number): Promise<void> {
  await app.listen({ host, port }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "EADDRINUSE" ? portTaken(port) : error;
  });
}

type StudioServer = Awaited<ReturnType<typeof buildStudio>>;

/** Report files and the state that are named, else the state that the sandbox keeps in the project. */
function deployedIn(root: string, { reports = [], state }: StudioCommandOptions): MapFiles {
  const named = reports.map((path) => resolve(path));
  return { reports: named, state: state && resolve(state), usualState: join(root, ".lectern") };
}

/** With a token, the studio opens pull requests. */
const forge = (environment: NodeJS.ProcessEnv) =>
  environment["GITHUB_TOKEN"] || environment["GH_TOKEN"]
    ? { forge: { environment, network: { fetch, clock: systemClock } } }
    : {};

function catalogIn(root: string, path: string): string {
  const catalog = resolve(root, path);
  if (statSync(catalog, { throwIfNoEntry: false })?.isDirectory()) return catalog;
  throw new LecternError({
    code: "no-catalog",
    severity: "error",
    message: `${catalog} is not a folder`,
    remedy: "Name the catalog's folder with --catalog, relative to the project",
  });
}

/** The person whose commits git makes here; the account's name where git has none. */
async function committer(root: string): Promise<Person> {
  const [name, email] = await Promise.all(
    ["user.name", "user.email"].map((key) =>
      promisify(execFile)("git", ["config", key], { cwd: root }).then(
        ({ stdout }) => stdout.trim() || undefined,
        () => undefined,
      ),
    ),
  );
  return { name: name ?? userInfo().username, email };
}

const portOf = ({ server }: StudioServer) => {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : undefined;
};

const unknownMail = (domain: string) =>
  new LecternError({
    code: "usage",
    severity: "error",
    path: "--hub-mail",
    message: `${JSON.stringify(domain)} is no domain`,
    remedy: "Write a domain, such as example.org, or github",
  });

const portTaken = (port: number) =>
  new LecternError({
    code: "port-taken",
    severity: "error",
    message: `another program listens on port ${port}`,
    remedy: "Choose another one with --port, or leave it out for a free one",
  });

const print = (line: string) => void process.stdout.write(`${line}\n`);
