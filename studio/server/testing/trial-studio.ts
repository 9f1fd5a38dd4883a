import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from "fastify";
import { onTestFinished } from "vitest";
import type { MapFiles } from "../../../cli/report/map-of-files.ts";
import { LecternError } from "../../../components/problem/problem.ts";
import { STUDIO_HEADER } from "../../api/request-header.ts";
import { localAccess } from "../access/local.ts";
import { buildStudio } from "../app.ts";
import type { Person } from "../context.ts";
import { IndexRefused } from "../form/wheels/python-index.ts";
import { WheelCache } from "../form/wheels/wheel-cache.ts";
import type { AskRegistry } from "../images/selections.ts";
import type { ForgeSettings } from "../save/forge/forge.ts";

/** Who is signed in. */
const ADA = { name: "Ada", email: "ada@example.org" } as const;
const HOST = "localhost:8400";

/** A studio without a port, over a catalog of its own. */
export interface TrialStudio {
  readonly root: string;
  readonly app: FastifyInstance;
  /** What the server has logged. */
  readonly logged: string[];
  /** A query that signs a browser in. */
  invitation(): string;
  /** Makes a request without a session. */
  ask(url: string, options?: InjectOptions): Promise<LightMyRequestResponse>;
  /** Makes a request as the page of Ada's browser does. */
  asAda(url: string, options?: InjectOptions): Promise<LightMyRequestResponse>;
}

const PAGE = {
  "index.html": '<base href="/" /><meta property="csp-nonce" nonce="__NONCE__" /><div id="root"></div>',
  "assets/index-1a2b3c.js": "console.log(1);\n",
};

/** What a trial is started with. */
export interface TrialOptions {
  readonly base?: string;
  readonly requestsPerMinute?: number;
  /** Asks a registry. @default none answers */
  readonly registry?: AskRegistry;
  /** What is deployed. @param root the repository */
  readonly deployed?: (root: string) => MapFiles;
  readonly forge?: ForgeSettings;
  /** @default Ada */
  readonly person?: Person;
}

/** @param files of the repository: path, such as `catalog/courses/dice/course.json`, to content */
export async function trialStudio(
  files: Readonly<Record<string, string | Uint8Array>> = {},
  { base = "/", requestsPerMinute, deployed, forge, person = ADA, registry = noRegistry }: TrialOptions = {},
): Promise<TrialStudio> {
  const folder = mkdtempSync(join(tmpdir(), "lectern-studio-"));
  const [root, page] = [join(folder, "university"), join(folder, "page")];
  mkdirSync(join(root, "catalog"), { recursive: true });
  write(root, files);
  write(page, PAGE);
  const logged: string[] = [];
  const clock = { now: () => Date.UTC(2026, 2, 31), sleep: async () => {} };
  const studio = {
    root,
    catalog: join(root, "catalog"),
    clock,
    log: (line: string) => void logged.push(line),
    ...(deployed && { deployed: deployed(root) }),
    ...(forge === undefined ? {} : { forge }),
  };
  const access = localAccess(base, person);
  const limit = requestsPerMinute === undefined ? {} : { requestsPerMinute };
  const offline = { download: () => Promise.reject(new IndexRefused("pip can't reach the index")) };
  const wheels = new WheelCache(join(folder, "wheels"), offline);
  const app = await buildStudio({ studio, access, base, page, wheels, registry, ...limit });
  onTestFinished(async () => {
    await app.close();
    rmSync(folder, { recursive: true });
  });
  const invitation = () => access.invitation();
  const ask = (url: string, { headers, ...options }: InjectOptions = {}) =>
    app.inject({ url, ...options, headers: { host: HOST, ...headers } });
  let session: string | undefined;
  return {
    root,
    app,
    logged,
    invitation,
    ask,
    async asAda(url, { headers, ...options } = {}) {
      session ??= cookieOf(await ask(`${base}${invitation()}`));
      const own = { cookie: session, [STUDIO_HEADER]: "1", origin: `http://${HOST}` };
      const all = Object.entries({ ...own, ...headers }).filter(([, value]) => value !== undefined);
      return ask(url, { ...options, headers: Object.fromEntries(all) });
    },
  };
}

const cookieOf = ({ cookies }: LightMyRequestResponse) =>
  cookies.map(({ name, value }) => `${name}=${value}`).join("; ");

function write(folder: string, files: Readonly<Record<string, string | Uint8Array>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

const noRegistry: AskRegistry = () =>
  Promise.reject(
    new LecternError({
      code: "no-answer",
      severity: "error",
      message: "the registry does not answer",
      remedy: "Check the network",
    }),
  );
