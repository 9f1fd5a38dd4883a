import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import { refusalSchema } from "../../../studio/api/problem.ts";
import { STUDIO_HEADER } from "../../../studio/api/request-header.ts";
import { fileSchema, proposedSchema } from "../../../studio/api/save.ts";
import { FILES, PROFILES } from "../../../studio/server/save/testing/trial-repository.ts";
import { freePorts } from "../cluster/server.ts";
import { findHub, type HubService, startHub } from "../hub/jupyterhub.ts";
import { findChromium, PATIENCE, requireService } from "../require.ts";

const tokensSchema = z.object({
  api_tokens: z.array(z.object({ id: z.string(), oauth_client: z.string().nullish() })),
});
const PROGRAM = join(import.meta.dirname, "../../../cli/lectern.mjs");
const findBoth = () => {
  const [browser, hub] = [findChromium(), findHub()];
  return browser && hub ? { browser, hub } : undefined;
};

/** A repository with one commit, which somebody else made. */
function makeProject(folder: string): void {
  for (const [path, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const who = ["-c", "user.name=Charles", "-c", "user.email=charles@example.org"];
  const git = (...args: string[]) => execFileSync("git", [...who, ...args], { cwd: folder });
  git("init", "--quiet", "--initial-branch=main");
  git("add", "--all");
  git("commit", "--quiet", "--message", "Begin");
}

requireService("a browser (chromium) and a JupyterHub", findBoth, (found) => {
  let hub: HubService;
  let browser: Browser;
  let project: string;
  let studio: string;
  const contexts: BrowserContext[] = [];

  beforeAll(async () => {
    project = mkdtempSync(join(tmpdir(), "lectern-hub-studio-"));
    makeProject(project);
    const [port] = await freePorts(1);
    const config = join(import.meta.dirname, "jupyterhub_config.py");
    const variables = {
      LECTERN_STUDIO_URL: `http://127.0.0.1:${port}`,
      LECTERN_STUDIO_PROGRAM: PROGRAM,
      LECTERN_STUDIO_PROJECT: project,
    };
    hub = await startWithStudio({ config, variables });
    studio = `${hub.url}services/studio/`;
    browser = await chromium.launch({ executablePath: found.browser, args: ["--no-sandbox"] });
    await vi.waitUntil(() => hub.log().includes("running as a service of the JupyterHub"), {
      timeout: 100_000,
    });
  }, 300_000);
  afterEach(async () => {
    for (const context of contexts.splice(0)) await context.close();
  });
  afterAll(async () => {
    await browser?.close();
    await hub?.stop();
    rmSync(project, { recursive: true, force: true });
  });

  /** A hub gives a service ten seconds to answer, and ends where it does not: on a busy machine, it is started again. */
  async function startWithStudio(more: Parameters<typeof startHub>[1], attempts = 5): Promise<HubService> {
    try {
      return await startHub(found.hub, more);
    } catch (error) {
      if (attempts === 1 || !String(error).includes("Cannot connect to studio service")) throw error;
      return startWithStudio(more, attempts - 1);
    }
  }

  /** Opens the studio as somebody who signs in at the hub, in a browser of their own. */
  async function openAs(name: string, path = ""): Promise<Page> {
    const context = await browser.newContext();
    context.setDefaultTimeout(PATIENCE);
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(`${studio}${path}`);
    await page.getByLabel("Username:").fill(name);
    await page.getByLabel("Password:").fill("any");
    await page.getByRole("button", { name: "Sign in" }).click();
    // The hub asks once whether the service may know who somebody is: on the page that follows its own, once that is complete.
    await page.waitForURL((url) => !url.pathname.endsWith("/hub/login"));
    const authorize = page.getByRole("button", { name: "Authorize" });
    await authorize.or(page.locator("h1, h2").first()).first().waitFor();
    if ((await authorize.count()) > 0) await authorize.click();
    return page;
  }
  const answer = (page: Page, method: string, path: string, body?: object) =>
    page.evaluate(
      async ([verb, url, header, sent]) => {
        const headers = { [header]: "1", ...(sent === null ? {} : { "content-type": "application/json" }) };
        const response = await fetch(url, { method: verb, headers, body: sent });
        return { status: response.status, body: await response.json() };
      },
      [method, `${studio}api/${path}`, STUDIO_HEADER, body ? JSON.stringify(body) : null] as const,
    );
  const session = (page: Page) => answer(page, "GET", "session");

  it("an administrator gets to the address that was opened, below the hub's path", async () => {
    const page = await openAs("ada", "articles");
    await page.getByRole("heading", { level: 1, name: "Articles" }).waitFor();
    expect(page.url()).toBe(`${studio}articles`);
    await page.getByText("Signed in as ada").waitFor();
    expect(await session(page)).toMatchObject({ status: 200, body: { person: { name: "ada" } } });
  });

  it("a member of a configured group gets in, too", async () => {
    const page = await openAs("grace");
    await page.getByText("Signed in as grace").waitFor();
  });

  it("the hub's own users get 403, whether the hub would let them in or not", async () => {
    const carol = await openAs("carol");
    await carol.getByRole("heading", { name: "carol may not use the studio" }).waitFor();
    await carol.getByText("administrators of the JupyterHub and members of editors").waitFor();
    expect((await session(carol)).status).toBe(403);
    const bob = await openAs("bob");
    await bob.getByText("403 : Forbidden").waitFor();
    expect((await session(bob)).status).toBe(403);
  });

  it("a stranger gets nothing but the hub's login", async () => {
    for (const path of ["", "articles", "assets/x.js", "api/session", "api/articles"]) {
      const response = await fetch(`${studio}${path}`, { redirect: "manual" });
      expect(response.status, path).toBe(403);
    }
    const context = await browser.newContext();
    context.setDefaultTimeout(PATIENCE);
    contexts.push(context);
    const page = await context.newPage();
    await page.goto(studio);
    expect(page.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/base\/hub\/login\?next=/);
    const guessed = `${studio}oauth_callback?code=guessed&state=guessed`;
    expect((await fetch(guessed, { redirect: "manual" })).status).toBe(403);
  });

  it("a write carries the person's name, and one from another site is refused", async () => {
    const page = await openAs("ada");
    await page.getByText("Signed in as ada").waitFor();
    expect((await answer(page, "POST", "no-such-write")).status).toBe(404);
    await expect
      .poll(() => hub.log())
      .toMatch(/audit \S+ "ada <ada@campus\.example>" POST \/base\/services\/studio\/api\/no-such-write 404/);
    const cookies = (await page.context().cookies(studio))
      .map(({ name, value }) => `${name}=${value}`)
      .join("; ");
    const headers = { cookie: cookies, [STUDIO_HEADER]: "1", origin: "https://evil.example" };
    const forged = await fetch(`${studio}api/no-such-write`, { method: "POST", headers });
    expect([forged.status, refusalSchema.parse(await forged.json()).problems[0]?.code]).toEqual([
      403,
      "other-site",
    ]);
  });

  it("a commit carries the person's name at the hub, and the address that is configured", async () => {
    const page = await openAs("grace");
    await page.getByText("Signed in as grace").waitFor();
    const read = await answer(page, "GET", `save/file?path=${encodeURIComponent(PROFILES)}`);
    const { base, value } = fileSchema.parse(read.body);
    const wanted = JSON.parse(JSON.stringify(value).replace("8G", "12G"));
    const edits = [{ path: PROFILES, base, value: wanted }];
    const proposed = await answer(page, "POST", "save/propose", { id: "0a1b2c3d", edits });
    expect(proposed).toMatchObject({ status: 200 });
    const { branch, commit } = proposedSchema.parse(proposed.body);
    expect(branch).toMatch(/^studio\/grace\//);
    const format = "--format=%an <%ae> %cn <%ce>";
    const shown = execFileSync("git", ["log", "-1", format, branch], { cwd: project, encoding: "utf8" });
    expect(shown.trim()).toBe("grace <grace@campus.example> grace <grace@campus.example>");
    const text = execFileSync("git", ["show", `${commit}:catalog/${PROFILES}`], {
      cwd: project,
      encoding: "utf8",
    });
    expect(text).toBe(FILES[`catalog/${PROFILES}`]?.replace("8G", "12G"));
  });

  describe("access ends", () => {
    it("when the token is revoked, for a write at once", async () => {
      const page = await openAs("ada");
      await page.getByText("Signed in as ada").waitFor();
      const known = tokensSchema.parse(await (await hub.call("GET", "users/ada/tokens")).json());
      const issued = known.api_tokens.filter(({ oauth_client: client }) => client?.includes("studio"));
      expect(issued.length).toBeGreaterThan(0);
      for (const { id } of issued) await hub.call("DELETE", `users/ada/tokens/${id}`);
      expect((await answer(page, "POST", "no-such-write")).status).toBe(403);
      await expect.poll(async () => (await session(page)).status).toBe(403);
    });

    it("when a member leaves the group", async () => {
      const page = await openAs("grace");
      await page.getByText("Signed in as grace").waitFor();
      await hub.call("DELETE", "groups/editors/users", { users: ["grace"] });
      try {
        expect((await answer(page, "POST", "no-such-write")).status).toBe(403);
      } finally {
        await hub.call("POST", "groups/editors/users", { users: ["grace"] });
      }
    });

    it("when somebody signs out at the hub", async () => {
      const page = await openAs("ada");
      await page.getByText("Signed in as ada").waitFor();
      const other = await page.context().newPage();
      await other.goto(`${hub.url}hub/logout`);
      expect((await answer(page, "POST", "no-such-write")).status).toBe(403);
    });
  });
});
