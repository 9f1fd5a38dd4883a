import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { TransportError } from "../../components/kernel/hosts/transport/transport.ts";
import { steppingClock } from "../../components/resource/testing/test-context.ts";
import { checkNode } from "./checks/machine.ts";
import { checkRepository } from "./checks/repository.ts";
import { examine, textOf } from "./doctor.ts";
import type { Finding } from "./finding.ts";
import { type Ran, thisWorld, type World } from "./world.ts";

const HOST_KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPKSUTyz1HwHReFVvD5obVsALAgJRNarH4TRpNePnAS";
const GATEWAY = {
  url: "https://gateway.university.edu",
  hosts: [{ host: "gateway-1.university.edu", user: "lectern", hostKey: HOST_KEY }],
  specsFolder: "/usr/local/share/jupyter/kernels",
  restart: { mode: "systemd", unit: "enterprise-gateway" },
};
const CONFIG = { "lectern:gateways": GATEWAY, "lectern:externalKernels": ["Python 3"] };

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "lectern-doctor-"));
  cpSync("test/golden/catalog", join(root, "catalog"), { recursive: true });
  rmSync(join(root, "catalog/clusters"), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

const ok = (value: unknown): Ran => ({
  code: 0,
  stdout: typeof value === "string" ? value : JSON.stringify(value),
  stderr: "",
});
const secret = (value: string) => ({ value, secret: true });

/** Everything is there: what a test takes away is what it expects to be reported. */
function world(programs: Record<string, Ran> = {}, more: Partial<World> = {}): World {
  const settings = {
    "lectern:gateways": { value: JSON.stringify({ main: GATEWAY }), secret: false },
    "lectern:apiKey": secret("canary-key"),
    "lectern:gatewayToken": secret("canary-token"),
    "lectern:sshPrivateKey": secret("canary-private"),
  };
  const answers: Record<string, Ran> = {
    "pulumi version": ok("v3.260.0\n"),
    "pulumi config": ok(settings),
    "git rev-parse": ok("1a2b3c4\n"),
    "git remote": ok("origin\n"),
    "git branch": ok("origin/main\n"),
    ...programs,
  };
  const real = thisWorld(root);
  return {
    ...real,
    clock: steppingClock(),
    environment: {},
    run: async (program, ...args) =>
      answers[`${program} ${args[0]}`] ?? answers[program] ?? real.run(program, ...args),
    fetch: async (url) =>
      new URL(String(url)).host.startsWith("gateway")
        ? Response.json({ kernelspecs: {} })
        : Response.json({ success: true, data: { email: "author@university.edu" } }),
    connect: () => host(async () => ["python"]),
    ...more,
  };
}

function host(list: () => Promise<string[] | undefined>): ReturnType<World["connect"]> {
  return {
    host: "lectern@gateway-1.university.edu:22",
    list,
    close: async () => undefined,
  } as unknown as ReturnType<World["connect"]>;
}

const failures = (findings: readonly Finding[]) =>
  findings.filter(({ state }) => state === "failed").map(({ message, fix }) => `${message} → ${fix}`);

describe("lectern doctor", () => {
  it("finds nothing missing where everything is there, and shows no secret", async () => {
    const findings = await examine(world(), "staging");
    expect(failures(findings)).toEqual([]);
    expect(findings.filter(({ state }) => state === "passed").length).toBeGreaterThan(8);
    expect(JSON.stringify(findings)).not.toContain("canary");
  });

  it("calls no configuration of an unknown stack valid", async () => {
    writeFileSync(join(root, "Pulumi.staging.yaml"), "config: {}\n");
    const none = { code: 127, stdout: "", stderr: "" };
    const findings = await examine(world({ "pulumi config": none }), "stagin");
    expect(failures(findings)).toEqual([
      "there is no Pulumi.stagin.yaml → pulumi stack init stagin   or use --stack staging",
    ]);
    expect(findings.map(({ message }) => message).join("\n")).not.toContain("is valid");
  });

  it.each<[string, () => World, RegExp]>([
    [
      "the CLI",
      () =>
        world({
          pulumi: { code: 127, stdout: "", stderr: "" },
          "pulumi version": { code: 127, stdout: "", stderr: "" },
          "pulumi config": { code: 127, stdout: "", stderr: "" },
        }),
      /the Pulumi CLI is not on PATH → curl /,
    ],
    [
      "a login",
      () =>
        world({
          "pulumi config": { code: 255, stdout: "", stderr: "error: PULUMI_ACCESS_TOKEN must be set\n" },
        }),
      /can't be read: PULUMI_ACCESS_TOKEN must be set → pulumi login$/,
    ],
    [
      "the stack",
      () =>
        world({
          "pulumi config": { code: 255, stdout: "", stderr: "error: no stack named 'staging' found\n" },
        }),
      /no stack named 'staging' found → pulumi stack init staging$/,
    ],
    [
      "a remote with the commit",
      () => world({ "git branch": ok("") }),
      /no remote branch has the commit \w+ → git push -u origin HEAD$/,
    ],
    ["a remote", () => world({ "git remote": ok("") }), /has no remote.* → git remote add origin /],
    [
      "the key",
      () => world({ "pulumi config": ok({}) }),
      /secret lectern:apiKey is not set → pulumi config set --stack staging --secret lectern:apiKey$/,
    ],
    [
      "an agent for setup commands",
      () => {
        const hosts = GATEWAY.hosts.map((one) => ({ ...one, setup: { login: { create: "docker login" } } }));
        const value = JSON.stringify({ main: { ...GATEWAY, hosts } });
        return world({
          "pulumi config": ok({
            "lectern:gateways": { value, secret: false },
            "lectern:apiKey": secret("canary-key"),
            "lectern:gatewayToken": secret("canary-token"),
            "lectern:sshPrivateKey": secret("canary-private"),
          }),
        });
      },
      /SSH_AUTH_SOCK names none → eval \$\(ssh-agent\) && ssh-add KEY_FILE$/,
    ],
    [
      "an answer of the gateway",
      () => world({}, { fetch: async () => new Response("", { status: 502 }) }),
      /gateway main \(.*\).* → curl --head https:\/\/gateway\.university\.edu\/api /,
    ],
    [
      "the right token",
      () =>
        world(
          {},
          { fetch: async (url) => new Response("{}", { status: String(url).endsWith("/api") ? 200 : 401 }) },
        ),
      /→ pulumi config set --stack staging --secret lectern:gatewayToken$/,
    ],
    [
      "the right host key",
      () =>
        world(
          {},
          {
            connect: () =>
              host(() =>
                Promise.reject(
                  new TransportError("gateway-1", "connect", "another key", "Find out why", "host-key"),
                ),
              ),
          },
        ),
      /another key → ssh-keyscan -t ed25519 gateway-1\.university\.edu {3}compare it/,
    ],
    [
      "the folder of kernelspecs",
      () => world({}, { connect: () => host(async () => undefined) }),
      /has no folder \/usr\/local\/share\/jupyter\/kernels → Correct lectern:gateways\.main\.specsFolder/,
    ],
  ])("reports what is missing without %s, and the command that fixes it", async (_, made, expected) => {
    const found = failures(await examine(made(), "staging"));
    expect(found).toEqual(expect.arrayContaining([expect.stringMatching(expected)]));
  });

  it("reads the file without the CLI: which secrets are set, and which values are still the example's", async () => {
    const example = { ...GATEWAY, url: "https://gateway.staging.example.org" };
    const config = { ...CONFIG, "lectern:gateways": { main: example }, "lectern:apiKey": { secure: "v1:x" } };
    writeFileSync(join(root, "Pulumi.staging.yaml"), stringify({ config }));
    const none = { code: 127, stdout: "", stderr: "" };
    const findings = await examine(world({ "pulumi version": none, "pulumi config": none }), "staging");
    expect(findings).toEqual(
      expect.arrayContaining([{ state: "passed", message: "secret lectern:apiKey is set" }]),
    );
    expect(failures(findings)).toEqual(
      expect.arrayContaining([expect.stringMatching(/lectern:gateways still has the example's values → /)]),
    );
  });

  it("says that prod waits for a staging that does not exist", async () => {
    const missing = { code: 255, stdout: "", stderr: "error: no stack named 'staging' found" };
    const found = failures(await examine(world({ "pulumi stack": missing }), "prod"));
    expect(found).toEqual([
      "the stack staging, which proves what prod gets, can't be read → pulumi up --stack staging",
    ]);
  });

  it("needs no stack for the machine and the repository", async () => {
    const findings = await examine(world(), undefined);
    expect(failures(findings)).toEqual([]);
    expect(stripVTControlCharacters(textOf(findings, undefined, 200))).toMatch(
      /Add --stack staging or --stack prod/,
    );
  });
});

it("asks git itself whether the remote has the commit", async () => {
  const git = (...args: string[]) => execFileSync("git", args, { cwd: root });
  git("init", "--quiet", "--initial-branch=main");
  git("init", "--quiet", "--bare", "remote");
  git("remote", "add", "origin", "remote");
  const identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"];
  git(...identity, "commit", "--quiet", "--allow-empty", "--message=first");
  expect(failures(await checkRepository(thisWorld(root)))).toEqual([
    expect.stringMatching(/git push -u origin HEAD/),
  ]);
  git("push", "--quiet", "origin", "main");
  expect(await checkRepository(thisWorld(root))).toEqual([
    {
      state: "passed",
      message: expect.stringMatching(/^the repository has a remote, and origin\/main has the commit/),
    },
  ]);
});

it.each([
  ["22.19.0", "passed"],
  ["24.0.1", "passed"],
  ["22.18.9", "failed"],
  ["20.19.0", "failed"],
])("Node %s: %s", (version, state) => expect(checkNode(version).state).toBe(state));

it("puts the fix below what is wrong, and breaks long lines between words", () => {
  const findings: Finding[] = [
    { state: "passed", message: "Node 24.21.0" },
    {
      state: "failed",
      message: "secret lectern:gatewayToken is not set",
      fix: "pulumi config set --secret lectern:gatewayToken",
    },
  ];
  expect(stripVTControlCharacters(textOf(findings, "staging", 50))).toBe(
    [
      "✓ Node 24.21.0",
      "✗ secret lectern:gatewayToken is not set",
      "  → pulumi config set --secret",
      "    lectern:gatewayToken",
      "1 of 2 checks failed; nothing was changed.",
    ].join("\n"),
  );
});
