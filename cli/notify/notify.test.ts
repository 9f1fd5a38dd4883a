import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { systemClock } from "../../components/resource/context/clock.ts";
import { capturePrinted, temporaryFolder } from "../testing/command-test.ts";
import { type NotifyOptions, notify } from "./notify.ts";
import { webhookOf } from "./webhook.ts";

const SECRET = "T000-canary-secret-of-the-webhook";
const folder = temporaryFolder("notify");
const { out, err } = capturePrinted();

/** A webhook on loopback. */
class Webhook {
  readonly received: unknown[] = [];
  /** Answers before the usual one. */
  readonly troubles: { status: number; headers?: Record<string, string>; body?: string }[] = [];
  readonly #server: Server = createServer((request, response) => {
    void text(request).then((body) => {
      this.received.push(JSON.parse(body));
      const { status = 200, headers = {}, body: said = "ok" } = this.troubles.shift() ?? {};
      response.writeHead(status, headers).end(said);
    });
  });
  start = () => new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
  stop = () => new Promise((resolve) => this.#server.close(resolve));
  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/services/${SECRET}`;
  }
}

let webhook: Webhook;
let waited: number[];
beforeEach(async () => {
  webhook = new Webhook();
  await webhook.start();
  vi.stubEnv("LECTERN_WEBHOOK_URL", webhook.address);
  waited = [];
  vi.spyOn(systemClock, "sleep").mockImplementation(async (milliseconds) => void waited.push(milliseconds));
});
afterEach(async () => {
  expect([...out, ...err].join("")).not.toContain("canary");
  vi.unstubAllEnvs();
  await webhook.stop();
});

function file(name: string, content: string | object): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}
const COURSE = {
  id: "course/bell",
  label: "Course bell",
  change: "updated",
  title: "Bell states",
  url: "https://qbook.example/bell",
};
const deployed = (live: readonly object[] = [COURSE], state = "deployed") => ({
  ok: state === "deployed",
  stacks: [
    { stack: "prod", environment: "prod", state, changes: {}, errors: ["canary"], warnings: [], live },
  ],
});
const run = (options: Partial<NotifyOptions> = {}, report: object = deployed()) =>
  notify({ report: file("report.json", report), ...options });

it("tells what went through a freeze, with the reason, and no other warning", async () => {
  const report = deployed([{ id: "kernel/python", label: "Kernel python", change: "updated" }]);
  const hold = "frozen until 2026-10-05 11:00 (Europe/Rome) for the lecture Linear algebra";
  const warnings = [
    `kernel/python goes through the gate until 2026-10-05, although ${hold}: numpy is broken`,
    "kernel other is held: canary",
  ];
  expect(await run({}, { ...report, stacks: report.stacks.map((one) => ({ ...one, warnings })) })).toBe(0);
  expect(webhook.received).toMatchObject([
    { stacks: [{ throughFreeze: [{ id: "kernel/python", hold, reason: "numpy is broken" }] }] },
  ]);
  expect(JSON.stringify(webhook.received)).not.toContain("canary");
});

describe("lectern notify", () => {
  it("sends what went live, and prints one line", async () => {
    expect(await run({ runUrl: "https://github.com/o/r/actions/runs/1" })).toBe(0);
    expect(webhook.received).toEqual([
      {
        ...{ version: 1, event: "deployment", ok: true, title: "Live: 1 change in production" },
        run: "https://github.com/o/r/actions/runs/1",
        stacks: [{ stack: "prod", environment: "prod", state: "deployed", live: [COURSE] }],
      },
    ]);
    expect(out).toEqual(["Notified: Live: 1 change in production\n"]);
  });

  it.each([undefined, "", "  "])("is off where there is no webhook, and says so: %j", async (address) => {
    vi.stubEnv("LECTERN_WEBHOOK_URL", address);
    expect(await notify({ report: "/nowhere", strict: true })).toBe(0);
    expect(out).toEqual(["Nobody is notified: LECTERN_WEBHOOK_URL is not set.\n"]);
  });

  it("sends nothing where nothing went live and nothing failed", async () => {
    expect(await run({}, deployed([]))).toBe(0);
    expect(webhook.received).toEqual([]);
    expect(out).toEqual(["Nobody is notified: nothing went live.\n"]);
  });

  it("sends that a stack failed, without its errors", async () => {
    expect(await run({}, deployed([], "failed"))).toBe(0);
    expect(JSON.stringify(webhook.received)).not.toContain("canary");
    expect(webhook.received).toMatchObject([{ ok: false, title: "Deployment: 1 stack not deployed" }]);
  });

  it("waits as long as the service asks for, and tries again where it fails", async () => {
    webhook.troubles.push({ status: 429, headers: { "retry-after": "7" } }, { status: 503 });
    expect(await run()).toBe(0);
    expect(webhook.received).toHaveLength(3);
    expect(waited[0]).toBeGreaterThanOrEqual(7000);
  });

  it.each([
    [
      "goes on failing",
      Array.from({ length: 9 }, () => ({ status: 500 })),
      4,
      /refuses the notification \(500\)/,
    ],
    ["refuses it", [{ status: 400, body: `invalid ${SECRET}` }], 1, /\(400\)\. Check --format/],
    ["is gone", [{ status: 404 }], 1, /\(404\)\. Create the webhook again/],
    ["leads elsewhere", [{ status: 302, headers: { location: "https://evil.example/" } }], 1, /\(302\)/],
  ])("warns where the service %s, and fails only if it is asked to", async (_, troubles, tries, message) => {
    webhook.troubles.push(...troubles);
    expect(await run()).toBe(0);
    expect(webhook.received).toHaveLength(tries);
    expect(err.join("")).toMatch(message);
    webhook.troubles.length = 0;
    webhook.troubles.push(...troubles);
    expect(await run({ strict: true })).toBe(1);
  });

  it("warns where nothing answers, without the address", async () => {
    await webhook.stop();
    webhook = new Webhook();
    await webhook.start();
    vi.stubEnv("LECTERN_WEBHOOK_URL", `http://127.0.0.1:1/${SECRET}`);
    expect(await run({ json: true })).toBe(0);
    expect(JSON.parse(out.join(""))).toMatchObject({
      state: "failed",
      problem: expect.stringMatching(/does not answer/),
    });
  });

  it.each(["no address canary", "http://example.org/canary", "ftp://canary.example"])(
    "does not print what is no address: %s",
    async (address) => {
      vi.stubEnv("LECTERN_WEBHOOK_URL", address);
      expect(await run({ strict: true })).toBe(1);
      expect(err.join("")).toMatch(/LECTERN_WEBHOOK_URL is not an address that begins with https/);
    },
  );

  it("warns where the report is missing or of another shape, or nothing is named", async () => {
    expect(await run({}, { stacks: [{}] })).toBe(0);
    expect(await notify({ report: join(folder, "none.json") })).toBe(0);
    expect(await notify({})).toBe(0);
    expect(await notify({ events: ["prod.jsonl"] })).toBe(0);
    expect(webhook.received).toEqual([]);
    expect(err.join("")).toMatch(
      /stacks\[0\]\.stack.*can't be read.*it is not known what was deployed.*does not name a stack/s,
    );
  });

  it("reads the events of `pulumi up --json`, without those of its preview", async () => {
    const type = "pulumi-nodejs:dynamic/lectern:Article";
    const parent = "urn:pulumi:prod::lectern::lectern:article:Course::bell";
    const metadata = {
      op: "update",
      urn: `urn:pulumi:prod::lectern::lectern:article:Course$${type}::bell`,
      type,
      new: { parent },
    };
    const stack = {
      ...{ op: "same", type: "pulumi:pulumi:Stack", urn: "urn:pulumi:prod::lectern::pulumi:pulumi:Stack::x" },
      new: {
        outputs: { articles: { "course/bell": { title: "Bell states", url: "https://qbook.example/bell" } } },
      },
    };
    const lines = (result: string) =>
      [
        { resOutputsEvent: { planning: true, metadata: { ...metadata, op: "delete" } } },
        { summaryEvent: { isPreview: true, result: "succeeded" } },
        { resOutputsEvent: { metadata } },
        { resOutputsEvent: { metadata: stack } },
        { summaryEvent: { isPreview: false, result } },
      ]
        .map((event) => JSON.stringify(event))
        .join("\n");
    expect(
      await notify({ events: [`organization/lectern/prod=${file("up.jsonl", lines("succeeded"))}`] }),
    ).toBe(0);
    expect(await notify({ events: [`prod=${file("failed.jsonl", lines("failed"))}`] })).toBe(0);
    expect(webhook.received).toMatchObject([
      { ok: true, stacks: [{ stack: "prod", environment: "prod", state: "deployed", live: [COURSE] }] },
      { ok: false, stacks: [{ state: "failed", live: [COURSE] }] },
    ]);
  });
});

it("the format is Slack's for its host, and JSON for any other, unless one is named", () => {
  const formatOf = (address: string, format?: NotifyOptions["format"]) =>
    webhookOf({ LECTERN_WEBHOOK_URL: address }, format)?.format;
  expect(formatOf("https://hooks.slack.com/services/x")).toBe("slack");
  expect(formatOf("https://chat.example.org/hooks/x")).toBe("json");
  expect(formatOf("https://chat.example.org/hooks/x", "mattermost")).toBe("mattermost");
});
