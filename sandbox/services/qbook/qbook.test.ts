import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { type QbookOptions, startQbook } from "./qbook.ts";

const endings: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "qbook-"));
  endings.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Every field that an answer may have: a test fails by itself where one that it reads is missing. */
interface AnyAnswer {
  readonly data: {
    readonly article: { readonly customId: string };
    readonly status: string;
    readonly qbookUrl: string;
    readonly buildId: string;
    readonly imageUri: string;
    readonly kernels: object;
  };
  readonly error: { readonly code: string; readonly message: string };
  readonly faults: unknown;
}

async function qbook(options: Partial<QbookOptions> = {}) {
  const api = await startQbook({ folder: folder(), apiKey: "key", latency: 0, ...options });
  endings.push(api.stop);
  const call = async (method: string, path: string, body?: unknown, key = "key") => {
    const init = { method, headers: { "x-api-key": key }, ...(body ? { body: JSON.stringify(body) } : {}) };
    const response = await fetch(`${api.url}${path}`, init);
    return { status: response.status, headers: response.headers, body: (await response.json()) as AnyAnswer };
  };
  return { api, call };
}

/** A repository with one notebook, and the body that sends it. */
function article(cells: unknown[] = [{ cell_type: "markdown", source: "**bold** ![x](a.png)" }]) {
  const root = folder();
  mkdirSync(join(root, "bell"));
  writeFileSync(join(root, "bell", "one.ipynb"), JSON.stringify({ cells }));
  writeFileSync(join(root, "bell", "a.png"), "not quite an image");
  const data = {
    courseName: "Bell <states>",
    courseDescription: "Two qubits",
    visibility: "public",
    content: [{ chapterName: "One", baseFilePath: "bell/one.ipynb" }],
  };
  const repoUrl = pathToFileURL(root).href;
  return {
    root,
    body: { data, repoUrl, commitSha: "c", repoReadToken: "t", forceDuplicateQuestions: false },
  };
}

describe("articles", () => {
  test("are made by each ingest, replaced by an update, and outlive a restart", async () => {
    const state = folder();
    const { api, call } = await qbook({ folder: state });
    const { body } = article();
    const first = await call("POST", "/learn/articles/course/ingest", body);
    await call("POST", "/learn/articles/course/ingest", body);
    const { customId } = first.body.data.article;
    expect((await call("PUT", `/learn/articles/course/${customId}`, body)).status).toBe(200);
    await api.stop();
    const again = await qbook({ folder: state });
    expect(again.api.articles()).toHaveLength(2);
    expect(again.api.articles().find((one) => one.customId === customId)?.revision).toBe(2);
    const status = await again.call("GET", `/learn/articles/files/status/${customId}`);
    expect(status.body.data.status).toBe("processed");
  });

  test("are shown as a page, with Markdown rendered and everything else escaped", async () => {
    const { call } = await qbook();
    const { body } = article();
    const { customId } = (await call("POST", "/learn/articles/course/ingest", body)).body.data.article;
    const { qbookUrl } = (await call("GET", `/learn/articles/files/status/${customId}`)).body.data;
    const page = await (await fetch(qbookUrl)).text();
    expect(page).toContain("<strong>bold</strong>");
    expect(page).toContain("Bell &lt;states&gt;");
    const image = /src="([^"]+a\.png)"/.exec(page)?.[1] ?? "";
    expect(await (await fetch(new URL(image, qbookUrl))).text()).toBe("not quite an image");
    expect((await fetch(new URL("/learn/nothing", qbookUrl))).status).toBe(404);
  });

  test("fail to be processed where a notebook is missing", async () => {
    const { call } = await qbook();
    const { root, body } = article();
    rmSync(join(root, "bell", "one.ipynb"));
    const { customId } = (await call("POST", "/learn/articles/course/ingest", body)).body.data.article;
    const { body: answer } = await call("GET", `/learn/articles/files/status/${customId}`);
    expect(answer.data.status).toBe("failed");
  });

  test("are refused with a reason where the body is wrong", async () => {
    const { call } = await qbook();
    const { status, body } = await call("POST", "/learn/articles/course/ingest", { data: {} });
    expect([status, body.error.code]).toEqual([400, "INVALID_REQUEST"]);
    expect(body.error.message).toContain("data.courseName");
    expect((await call("PUT", "/learn/articles/course/none", article().body)).status).toBe(404);
    expect((await call("POST", "/learn/articles/none/cancel")).status).toBe(404);
  });
});

test("an unknown key is refused, and no key is ever logged", async () => {
  const { api, call } = await qbook();
  expect((await call("GET", "/users/verify", undefined, "wrong")).status).toBe(401);
  expect(api.calls()).toEqual([{ method: "GET", path: "/users/verify", operation: "verify", status: 401 }]);
});

test.each([
  ["success", { success: true, data: { email: "author@example.org" } }],
  ["status", { status: "success", data: { email: "author@example.org" } }],
  ["bare", { email: "author@example.org" }],
] as const)("the envelope %s", async (envelope, answer) => {
  const { call } = await qbook({ envelope });
  expect((await call("GET", "/users/verify")).body).toEqual(answer);
});

test("faults can be switched from another process, and are used up", async () => {
  const { call } = await qbook();
  const faults = [{ on: "verify", fault: "too-many", retryAfter: 7, times: 1 }];
  expect((await call("PUT", "/_control/faults", faults)).body.faults).toEqual(faults);
  const refused = await call("GET", "/users/verify");
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "7"]);
  expect((await call("GET", "/users/verify")).status).toBe(200);
});

describe("kernels", () => {
  const body = { kernelName: "py", language: "python", displayName: "Python", dockerfile: btoa("FROM x") };

  test("are built once, and a second one of the name is refused", async () => {
    const { call } = await qbook();
    const { buildId } = (await call("POST", "/kernels/deploy", body)).body.data;
    const build = (await call("GET", `/kernels/deploy/${buildId}`)).body.data;
    expect(build.status).toBe("active");
    expect(build.imageUri).toMatch(/kernels\/py@sha256:[0-9a-f]{64}$/);
    const second = await call("POST", "/kernels/deploy", body);
    expect([second.status, second.body.error.code]).toEqual([400, "KERNEL_ALREADY_EXISTS"]);
    expect(Object.keys((await call("GET", "/kernels")).body.data.kernels)).toEqual(["py"]);
  });

  test("that fail to build leave none, and an unknown build is reported as unknown", async () => {
    const { api, call } = await qbook();
    api.setFault({ on: "deploy", fault: "build-failed", times: 1 });
    const { buildId } = (await call("POST", "/kernels/deploy", body)).body.data;
    expect((await call("GET", `/kernels/deploy/${buildId}`)).body.data.status).toBe("failed");
    expect((await call("POST", "/kernels/deploy", body)).status).toBe(200);
    expect((await call("GET", "/kernels/deploy/none")).body.error.code).toBe("BUILD_NOT_FOUND");
  });
});
