import { beforeEach, expect, it } from "vitest";
import { MemoryHost } from "../../components/kernel/gateway/restart/testing/memory-host.ts";
import { testContext } from "../../components/resource/testing/test-context.ts";
import type { GatewayWorld } from "./gateway-world.ts";
import { restartGateway } from "./restart.ts";

const GATEWAY = {
  url: "http://gateway.test:8888",
  hosts: [{ local: true }],
  specsFolder: "/srv/kernels",
  restart: { mode: "systemd", unit: "eg" },
  whenBusy: "refuse",
};

let host: MemoryHost;
let printed: string[];
let gateway: { answers: boolean; token?: string };
beforeEach(() => {
  host = new MemoryHost("local");
  printed = [];
  gateway = { answers: true };
});

const answer: typeof fetch = async (url, init) => {
  if (!gateway.answers) throw new TypeError("fetch failed");
  const sent = new Headers(init?.headers).get("authorization");
  if (gateway.token !== undefined && sent !== `token ${gateway.token}`)
    return Response.json({ reason: "Unauthorized" }, { status: 401 });
  if (new URL(String(url)).pathname !== "/api/kernels") return Response.json({ kernelspecs: {} });
  return Response.json([
    { id: "1", name: "one" },
    { id: "2", name: "one" },
  ]);
};
const world = (changes: Partial<GatewayWorld> = {}, gateways: object = { main: GATEWAY }): GatewayWorld => ({
  config: async () => ({ "lectern:gateways": JSON.stringify(gateways), "lectern:gatewayToken": "the-token" }),
  context: (raw, report) => testContext({}, { raw, report, fetch: answer }),
  connect: () => host,
  print: (line) => void printed.push(line),
  printError: (line) => void printed.push(line),
  confirm: undefined,
  ...changes,
});

it("says what it ends, asks, and restarts, whatever the policy of deployments is", async () => {
  const asked: string[] = [];
  const confirm = async (question: string) => asked.push(question) > 0;
  expect(await restartGateway("main", { stack: "prod" }, world({ confirm }))).toBe(0);
  expect(printed[0]).toMatch(
    /main \(http:\/\/gateway.test:8888\) runs 2 kernels. A restart ends every kernel/,
  );
  expect(asked).toEqual(["Restart the gateway main?"]);
  expect(host.restarts).toEqual(["systemctl restart -- eg"]);
  expect(printed.at(-1)).toContain("answers again");
});

it("restarts nothing without a yes", async () => {
  expect(await restartGateway("main", { stack: "prod" }, world({ confirm: async () => false }))).toBe(1);
  expect(await restartGateway("main", { stack: "prod" }, world())).toBe(2);
  expect(printed.at(-1)).toContain("--yes");
  expect(host.restarts).toEqual([]);
});

it("restarts again each time it is called, also a gateway that is down", async () => {
  const call = () => restartGateway("main", { stack: "prod", yes: true }, world());
  gateway.answers = false;
  host.onRestart = () => {
    gateway.answers = true;
    return 0;
  };
  expect(await call()).toBe(0);
  expect(printed[0]).toContain("is unknown (it does not answer)");
  expect(await call()).toBe(0);
  expect(host.restarts).toHaveLength(2);
});

it.each([
  ["man", { main: GATEWAY }, /no gateway "man".*Did you mean "main"/],
  ["main", { main: { ...GATEWAY, restart: { mode: "none" } } }, /no command that restarts it/],
])("explains why %s can't be restarted", async (name, gateways, reason) => {
  expect(await restartGateway(name, { stack: "prod", yes: true }, world({}, gateways))).toBe(1);
  expect(printed.join("\n")).toMatch(reason);
  expect(host.restarts).toEqual([]);
});

it("restarts nothing where the gateway refuses the token, and does not show it", async () => {
  gateway.token = "another";
  expect(await restartGateway("main", { stack: "prod", yes: true }, world())).toBe(1);
  expect(printed.join("\n")).toMatch(/status 401.*lectern:gatewayToken/);
  expect(printed.join("\n")).not.toContain("the-token");
  expect(host.restarts).toEqual([]);
});
