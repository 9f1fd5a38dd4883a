import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { AxeResults } from "axe-core";
import type { FastifyInstance } from "fastify";
import { type Browser, chromium, type Locator, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from "vitest";
import { systemClock } from "../../../components/resource/context/clock.ts";
import { localAccess } from "../../../studio/server/access/local.ts";
import { buildStudio } from "../../../studio/server/app.ts";
import type { StudioContext } from "../../../studio/server/context.ts";
import { pythonIndex } from "../../../studio/server/form/wheels/python-index.ts";
import { cacheFolder, WheelCache } from "../../../studio/server/form/wheels/wheel-cache.ts";
import { FANCY_PROFILES, JUPYTERHUB, KUBESPAWNER } from "../../../studio/server/form/wheels/wheels.ts";
import type { AskRegistry } from "../../../studio/server/images/selections.ts";
import { PATIENCE } from "../require.ts";

const REPOSITORY = join(import.meta.dirname, "../../..");
/** The cache of the studios: wheels that a test has downloaded stay with the other services. */
const CACHE = join(REPOSITORY, ".cache/services");
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const PHONE = { width: 380, height: 800 };
export const DESKTOP = { width: 1280, height: 900 };

/** A text that would act where it is no text. */
export const SCRIPT =
  "<script>parent.attacked = globalThis.attacked = true</script><img src=x onerror='parent.attacked = globalThis.attacked = true'>";

/** What a studio of one test is started with. */
interface StudioSetup {
  /** The repository's files, which are committed: path, such as `catalog/clusters/campus/profiles.yaml`, to content. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** What the routes get beside the folders. */
  readonly studio?: Partial<StudioContext>;
  /** Asks a registry. @default the real one, with the logins of this machine */
  readonly registry?: AskRegistry;
}

/** A real studio with the built page, its repository, and a browser that is signed in. */
export interface OpenStudio {
  /** A git repository on the branch main, alone in a folder that goes with it. */
  readonly root: string;
  /** The address that signs a browser in, as `lectern studio` prints it. */
  invitation(): string;
  readonly page: Page;
  /** What went wrong in the browser: exceptions, lines of the console, refused requests, blocked content. */
  readonly faults: string[];
  /** What the server has logged. */
  readonly logged: string[];
  /** @param path below the studio's base, such as `articles` */
  open(path: string): Promise<void>;
  /** Another browser window of the same person. */
  another(): Promise<Page>;
}

/** Has each test of a suite start studios with one browser and one built page; all of it ends with the test. */
export function studioInBrowser(program: string): (setup: StudioSetup) => Promise<OpenStudio> {
  let browser: Browser;
  const built = mkdtempSync(join(tmpdir(), "lectern-page-"));
  const ends: (() => Promise<unknown>)[] = [];
  beforeAll(async () => {
    buildPage(built);
    await downloadWheels();
    // A container has no sandbox for it; the pages are our own.
    browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
  }, 300_000);
  beforeEach(() => void vi.stubEnv("XDG_CACHE_HOME", CACHE));
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(built, { recursive: true, force: true });
  });
  return async ({ files, studio = {}, registry }) => {
    const folder = mkdtempSync(join(tmpdir(), "lectern-studio-"));
    ends.push(async () => rmSync(folder, { recursive: true, force: true }));
    const root = makeRepository(join(folder, "teaching"), files);
    const logged: string[] = [];
    const log = (line: string) => void logged.push(line);
    const context = { root, catalog: join(root, "catalog"), clock: systemClock, log, ...studio };
    const access = localAccess("/", { name: "Ada", email: "ada@example.org" });
    const app = await buildStudio({
      studio: context,
      access,
      base: "/",
      page: built,
      ...(registry ? { registry } : {}),
    });
    ends.push(() => app.close());
    const url = await listen(app);
    const people = await browser.newContext({ viewport: DESKTOP, reducedMotion: "reduce" });
    people.setDefaultTimeout(PATIENCE);
    ends.push(() => people.close());
    const faults: string[] = [];
    const another = async () => {
      const page = await people.newPage();
      watch(page, faults);
      return page;
    };
    const page = await another();
    const invitation = () => `${url}/${access.invitation()}`;
    await page.goto(invitation());
    const open = async (path: string) => void (await page.goto(`${url}/${path}`));
    return { root, page, faults, logged, invitation, open, another };
  };
}

function buildPage(folder: string): void {
  const vite = join(REPOSITORY, "node_modules/vite/bin/vite.js");
  const config = join(REPOSITORY, "studio/web/vite.config.ts");
  const args = [vite, "build", "--config", config, "--outDir", folder, "--emptyOutDir", "--logLevel", "warn"];
  execFileSync(process.execPath, args, { cwd: REPOSITORY, stdio: "inherit" });
}

/** So that no test waits for an index of packages. Where one can't be reached, those that show a real form tell it. */
async function downloadWheels(): Promise<void> {
  const cache = new WheelCache(
    cacheFolder({ XDG_CACHE_HOME: CACHE }),
    pythonIndex({ fetch, clock: systemClock }, process.env),
  );
  await Promise.allSettled([FANCY_PROFILES, JUPYTERHUB, KUBESPAWNER].map((wheel) => cache.files(wheel, [])));
}

function makeRepository(root: string, files: StudioSetup["files"]): string {
  mkdirSync(join(root, "catalog"), { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  const git = (...args: string[]) => execFileSync("git", args, { cwd: root, stdio: "pipe" });
  git("init", "--quiet", "--initial-branch=main");
  git("config", "user.name", "Ada");
  git("config", "user.email", "ada@example.org");
  git("add", "--all");
  git("commit", "--quiet", "--allow-empty", "--message", "The catalog");
  return root;
}

async function listen(app: FastifyInstance): Promise<string> {
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

function watch(page: Page, faults: string[]): void {
  page.on("pageerror", (error) => faults.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") faults.push(message.text());
  });
  page.on("response", (response) => {
    if (response.status() >= 400) faults.push(`${response.status()} ${response.url()}`);
  });
}

/** What this tab wants a file to be; undefined where it wants no change. @param file the end of its path */
export const draftOf = <T>(page: Page, file: string): Promise<T | undefined> =>
  page.evaluate((end) => {
    const [kept] = Object.values(sessionStorage).map((text) => JSON.parse(String(text)));
    const edits = (kept?.edits ?? []) as { path: string; value: T }[];
    return edits.find(({ path }) => path.endsWith(end))?.value;
  }, file);

/**
 * Opens the list of a field that images are chosen with. At the end of the window a list would reach under the bar, and the
 * scrolling that a click on it needs would close it.
 * @param text what is written into the field to find an image
 */
export async function openList(field: Locator, text?: string): Promise<void> {
  await field.evaluate((element) => element.scrollIntoView({ block: "center" }));
  await (text === undefined ? field.click() : field.fill(text));
}

/** Moves a profile with the keyboard alone. @param keys that lead from its place to the new one */
export async function moveByKeys(page: Page, name: string, keys: readonly string[]): Promise<void> {
  await page.getByRole("row", { name }).focus();
  await page.keyboard.press("ArrowRight");
  // The handle takes a key only once it has the focus, and so does the first place.
  await page.locator(".handle:focus").waitFor();
  await page.keyboard.press("Enter");
  await page.locator('[aria-label^="Insert "]:focus').waitFor({ state: "attached" });
  for (const key of [...keys, "Enter"]) await page.keyboard.press(key);
}

/** What axe finds that keeps people from using the page. */
export async function barriers(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** How much wider the page is than its window. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate("document.documentElement.scrollWidth - innerWidth");

/**
 * What a person without a mouse does not get to: everything that can be operated, and where Tab never leads. Of a group
 * that arrow keys move in, and of a field with a button that opens its list, one is enough.
 */
export async function unreachable(page: Page): Promise<string[]> {
  await page.evaluate("document.activeElement?.blur()");
  await page.evaluate(MARK);
  const most = (await page.locator("[data-operable]").count()) + 20;
  for (let count = 0; count < most; count++) {
    await page.keyboard.press("Tab");
    await page.evaluate(REACHED);
  }
  return page.evaluate(MISSED);
}

const GROUPS =
  '[role="radiogroup"], [role="tablist"], [role="listbox"], [role="menu"], [role="grid"], [role="treegrid"], [role="toolbar"], :has(> [role="combobox"])';
const MARK = `for (const one of document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]'))
  if (!one.disabled && !one.closest('[inert], [hidden], [aria-hidden="true"]') && one.checkVisibility({ visibilityProperty: true }))
    one.setAttribute("data-operable", "")`;
const REACHED = `{
  const focused = document.activeElement;
  focused?.setAttribute("data-reached", "");
  focused?.closest(${JSON.stringify(GROUPS)})?.setAttribute("data-reached", "");
}`;
const MISSED = `[...document.querySelectorAll("[data-operable]:not([data-reached])")]
  .filter((one) => !one.disabled && !one.closest(${JSON.stringify(GROUPS)})?.hasAttribute("data-reached"))
  .map((one) => one.outerHTML.slice(0, 200))`;

/**
 * Shows a page on a phone and on a desktop: on both it fits, and has nothing that keeps people from using it. Keeps a picture
 * of each.
 * @param show opens the page, and waits until it is complete
 */
export async function onEveryScreen(
  page: Page,
  name: string,
  show: (size: "phone" | "desktop") => Promise<void>,
): Promise<void> {
  for (const [size, viewport] of [
    ["phone", PHONE],
    ["desktop", DESKTOP],
  ] as const) {
    await page.setViewportSize(viewport);
    await show(size);
    expect(await barriers(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await screenshot(page, `${name}-${size}`);
  }
}

/** Keeps a picture of the page where LECTERN_SCREENSHOTS names a folder. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env["LECTERN_SCREENSHOTS"];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.evaluate("scrollTo(0, 0); document.fonts.ready");
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
