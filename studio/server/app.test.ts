import { describe, expect, it } from "vitest";
import { STUDIO_HEADER } from "../api/request-header.ts";
import { trialStudio } from "./testing/trial-studio.ts";

describe("the page", () => {
  it("is served at each address that is no file, below the base, with the response's nonce", async () => {
    const { asAda } = await trialStudio({}, { base: "/services/lectern/" });
    for (const path of ["", "articles", "profiles/campus"]) {
      const { statusCode, body, headers } = await asAda(`/services/lectern/${path}`);
      expect(statusCode).toBe(200);
      expect(body).toContain('<base href="/services/lectern/" />');
      const [, nonce] = /csp-nonce" nonce="([0-9a-f]{32})"/.exec(body) ?? [];
      expect(headers["content-security-policy"]).toContain(`style-src 'self' 'nonce-${nonce}'`);
    }
    expect((await asAda("/")).statusCode).toBe(404);
  });

  it("brings its files, which never change under one name", async () => {
    const { asAda } = await trialStudio();
    const { statusCode, headers } = await asAda("/assets/index-1a2b3c.js");
    expect(statusCode).toBe(200);
    expect(headers["cache-control"]).toContain("immutable");
    expect((await asAda("/assets/../index.html")).body).not.toContain("console.log");
    expect((await asAda("/assets/missing.js")).statusCode).toBe(404);
  });

  it("may run and load nothing from elsewhere, and no inline script or style", async () => {
    const { asAda } = await trialStudio();
    const policy = String((await asAda("/")).headers["content-security-policy"]);
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).not.toContain("unsafe");
    expect(policy).not.toMatch(/https?:|\*/);
  });
});

describe("access on one's own machine", () => {
  it("signs one browser in for each invitation", async () => {
    const { ask, invitation } = await trialStudio();
    const url = `/${invitation()}`;
    const first = await ask(url);
    expect(first).toMatchObject({ statusCode: 302, headers: { location: "/" } });
    expect(first.cookies).toEqual([expect.objectContaining({ httpOnly: true, sameSite: "Lax", path: "/" })]);
    expect((await ask(url)).statusCode).toBe(403);
    const [cookie] = first.cookies;
    const again = await ask("/api/session", { headers: { cookie: `${cookie?.name}=${cookie?.value}` } });
    expect(again.json()).toEqual({
      person: { name: "Ada", email: "ada@example.org" },
      repository: "university",
    });
  });

  it.each(["/", "/articles", "/api/session", "/assets/index-1a2b3c.js", "/?token=", "/?token=x&token=y"])(
    "gives a stranger nothing at %s",
    async (url) => {
      const { ask, invitation } = await trialStudio();
      invitation();
      const { statusCode, body } = await ask(url);
      expect(statusCode).toBe(403);
      expect(JSON.parse(body).problems[0].code).toBe("not-signed-in");
    },
  );

  it("answers to no other name, which another site could give this machine", async () => {
    const { asAda } = await trialStudio();
    expect((await asAda("/api/session", { headers: { host: "evil.example:8400" } })).statusCode).toBe(421);
  });
});

describe("a write", () => {
  const write = { method: "POST", payload: {} } as const;

  it.each([
    ["without the page's header", { [STUDIO_HEADER]: undefined }],
    ["from another site", { "sec-fetch-site": "cross-site" }],
    ["from another site of the same domain", { "sec-fetch-site": "same-site" }],
    ["with another origin", { origin: "http://localhost:9000" }],
    ["with no origin of its own", { origin: "null" }],
  ])("%s is refused before it is looked at", async (_, headers) => {
    const { asAda } = await trialStudio();
    const { statusCode, body } = await asAda("/api/session", { ...write, headers });
    expect([statusCode, JSON.parse(body).problems[0].code]).toEqual([403, "other-site"]);
  });

  it("leaves one line in the log with when, who, what and how it ended", async () => {
    const { asAda, logged } = await trialStudio();
    await asAda("/api/session?a=b%0Ac", write);
    expect(logged).toEqual(['audit 2026-03-31T00:00:00.000Z "Ada <ada@example.org>" POST /api/session 404']);
  });

  it("larger than the limit is refused with the reason", async () => {
    const { asAda } = await trialStudio();
    const { statusCode, body } = await asAda("/api/session", {
      ...write,
      payload: { a: "x".repeat(10_000_000) },
    });
    expect([statusCode, JSON.parse(body).problems[0].code]).toEqual([413, "too-large"]);
  });
});

it("refuses more requests than a person makes", async () => {
  const { asAda } = await trialStudio({}, { requestsPerMinute: 3 });
  const answers = [];
  for (let count = 0; count < 4; count++) answers.push(await asAda("/api/session"));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 429]);
  expect(answers[3]?.json().problems[0].code).toBe("too-many-requests");
});
