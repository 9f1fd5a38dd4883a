import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { kernelConfig } from "../../config.ts";
import { setUpHosts } from "./host-setup.ts";

const HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILjRUysd5VWNiHMHJn/0UGeq3d6Vg4GGpZFaJhLlBmRs";
const gateways = z.object(kernelConfig).shape.gateways;

const gateway = (setup: object, more: object[] = []) => {
  const hosts = [{ host: "gateway-1", user: "deploy", hostKey: HOST_KEY, setup }, ...more];
  const config = { hosts, specsFolder: "/srv/kernels", restart: { mode: "none" } };
  const parsed = gateways.parse({ main: config })["main"];
  if (!parsed) throw new Error("no gateway");
  return { name: "main", config: parsed };
};

interface Registered {
  readonly name: string;
  readonly type: string;
  readonly inputs: Record<string, unknown>;
}
const registered: Registered[] = [];

beforeEach(async () => {
  registered.length = 0;
  vi.stubEnv("SSH_AUTH_SOCK", "/run/agent");
  await pulumi.runtime.setMocks({
    newResource: ({ name, type, inputs }) => {
      registered.push({ name, type, inputs });
      return { id: name, state: { ...inputs, stdout: "" } };
    },
    call: () => ({}),
  });
});
afterEach(() => vi.unstubAllEnvs());

test("each command of a host is a resource with the host's key, and holds no private key", async () => {
  const commands = await setUpHosts(
    gateway(
      {
        login: { create: "docker login", delete: "docker logout" },
        warm: { create: "true", update: "false" },
      },
      [{ local: true }],
    ),
  );
  await Promise.all(commands.map(({ id }) => new Promise((resolve) => id.apply(resolve))));
  expect(registered.map(({ name, type }) => [name, type])).toEqual([
    ["main-gateway-1-login", "command:remote:Command"],
    ["main-gateway-1-warm", "command:remote:Command"],
  ]);
  const [first, second] = registered.map(({ inputs }) => inputs);
  expect(first).toMatchObject({
    create: "docker login",
    delete: "docker logout",
    logging: "none",
    addPreviousOutputInEnv: false,
  });
  expect(second).toMatchObject({ create: "true", update: "false" });
  expect(JSON.stringify(first)).toContain(HOST_KEY);
  expect(JSON.stringify(registered)).not.toMatch(/privateKey|password|agentSocketPath/);
});

test("without commands nothing is registered, whatever the agent", async () => {
  vi.stubEnv("SSH_AUTH_SOCK", undefined);
  expect(await setUpHosts(gateway({}))).toEqual([]);
});

test.each([undefined, ""])("without an agent (%j) there is no login, which is reported", async (socket) => {
  vi.stubEnv("SSH_AUTH_SOCK", socket);
  await expect(setUpHosts(gateway({ a: { create: "true" } }))).rejects.toThrow(
    /lectern:gateways\.main\.hosts: setup commands log in with an SSH agent.*ssh-add/,
  );
});

test("a secret in a command is refused, because commands are kept in the state", () => {
  const wrong = { a: { create: `curl -H 'Authorization: token ghp_${"a".repeat(36)}' https://example.org` } };
  expect(() => gateway(wrong)).toThrow("must not contain a secret");
});
