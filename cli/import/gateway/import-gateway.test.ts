import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeEach, expect, it } from "vitest";
import { openTransport } from "../../../components/kernel/hosts/transport/connections.ts";
import { testContext } from "../../../components/resource/testing/test-context.ts";
import type { GatewayWorld } from "../../gateway/gateway-world.ts";
import { temporaryFolder } from "../../testing/command-test.ts";
import { type ImportGatewayOptions, importGateway } from "./import-gateway.ts";

const folder = temporaryFolder("import-gateway");
const STACK = "# Ours\nconfig:\n  lectern:catalog: catalog # where\n";
let printed: string[];
let errors: string[];
beforeEach(() => {
  printed = [];
  errors = [];
  write("Pulumi.staging.yaml", STACK);
});

function write(path: string, content: string | object): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
}
const read = (path: string) => readFileSync(join(folder, path), "utf8");

const spec = (more: object = {}) => ({
  argv: ["/opt/kernel/start.sh", "{connection_file}"],
  display_name: "Python for Science",
  language: "python",
  env: { LEVEL: "1" },
  metadata: {
    process_proxy: {
      class_name: "enterprise_gateway.services.processproxies.docker_swarm.DockerProcessProxy",
      config: { image_name: "org/science:2026.1" },
    },
  },
  ...more,
});

/** A world whose hosts are folders of this machine, by the host's name. */
function world(hosts: readonly string[] = ["a"], more: object = {}): GatewayWorld {
  const gateway = {
    hosts: hosts.map((host) => ({ host, user: "lectern", hostKey: KEY })),
    specsFolder: "/srv/kernels",
    restart: { mode: "none" },
  };
  const values = { "lectern:gateways": JSON.stringify({ main: gateway, ...more }) };
  const local = openTransport({ kind: "local" });
  return {
    config: async () => values,
    context: (raw) => testContext({ gateways: raw("gateways") ?? "" }),
    connect: (address) => {
      const host = address.kind === "ssh" ? address.host : "local";
      const at = (path: string) => join(folder, host, path);
      return {
        ...local,
        host,
        read: (path) => local.read(at(path)),
        list: (path) => local.list(at(path)),
        run: (argv) => local.run(argv.map((word) => (word.startsWith("/srv") ? at(word) : word)) as [string]),
      };
    },
    print: (line) => void printed.push(line),
    printError: (line) => void errors.push(line),
    confirm: undefined,
  };
}
const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHhJ0Pj0Zm4mWmTmV7hPZkq1xPgSx0vE1r6m3q0J2o9f";

const run = (options: Partial<ImportGatewayOptions> = {}, at: GatewayWorld = world()) =>
  importGateway("main", { stack: "staging", catalog: "catalog", ...options }, folder, at);
const untouched = () => {
  expect(existsSync(join(folder, "catalog/kernels"))).toBe(false);
  expect(read("Pulumi.staging.yaml")).toBe(STACK);
};

it("writes a kernel.yaml per kernel, and adopts them in the stack's file, whose comments stay", async () => {
  write("a/srv/kernels/science/kernel.json", spec());
  write("a/srv/kernels/logo.png", "");
  expect(await run(), errors.join()).toBe(0);
  expect(read("catalog/kernels/science/kernel.yaml")).toBe(`display_name: Python for Science
language: python
image: org/science:2026.1
process_proxy:
  class: docker
env:
  LEVEL: "1"
metadata:
  debugger: false
argv:
  - /opt/kernel/start.sh
  - "{connection_file}"
`);
  expect(read("Pulumi.staging.yaml")).toBe(`${STACK}  lectern:kernels:\n    science:\n      adopt: true\n`);
  expect(readdirSync(join(folder, "catalog"))).toEqual(["kernels"]);
  expect(printed.join("\n")).toContain("See what an adoption changes: pulumi preview --stack staging");
});

it("changes the stack's file where it really is, if it is a link", async () => {
  write("a/srv/kernels/science/kernel.json", spec());
  write("settings/staging.yaml", STACK);
  rmSync(join(folder, "Pulumi.staging.yaml"));
  symlinkSync("settings/staging.yaml", join(folder, "Pulumi.staging.yaml"));
  expect(await run(), errors.join()).toBe(0);
  expect(read("settings/staging.yaml")).toContain("adopt: true");
  expect(readdirSync(join(folder, "settings"))).toEqual(["staging.yaml"]);
});

it("reads a folder of this machine by its file URL, without a stack's configuration", async () => {
  write("specs/science/kernel.json", spec());
  const nobody = { ...world(), config: () => Promise.reject(new Error("asked for the configuration")) };
  expect(await run({ from: pathToFileURL(join(folder, "specs")).href }, nobody), errors.join()).toBe(0);
  expect(read("catalog/kernels/science/kernel.yaml")).toContain("Python for Science");
});

it("names the gateway where it is not the stack's only one", async () => {
  write("a/srv/kernels/science/kernel.json", spec());
  const other = { hosts: [{ local: true }], specsFolder: "/x", restart: { mode: "none" } };
  expect(await run({}, world(["a"], { other }))).toBe(0);
  expect(read("catalog/kernels/science/kernel.yaml")).toContain("gateway: main\n");
});

it("writes no secret anywhere, and names the command for each", async () => {
  write("a/srv/kernels/science/kernel.json", spec({ env: { LEVEL: "1", API_TOKEN: "canary-1" } }));
  expect(await run({ json: true })).toBe(0);
  expect(JSON.parse(printed.join(""))).toMatchObject({
    secrets: [
      {
        kernel: "science",
        variable: "API_TOKEN",
        place: "a:/srv/kernels/science/kernel.json",
        command: `pulumi config set --stack staging --secret --path 'lectern:kernelSecrets["science"].API_TOKEN'`,
      },
    ],
  });
  const all = [
    read("catalog/kernels/science/kernel.yaml"),
    read("Pulumi.staging.yaml"),
    ...printed,
    ...errors,
  ];
  expect(all.join("")).not.toContain("canary");
});

it("leaves kernels of stacks alone, and says whose they are", async () => {
  const metadata = { ...spec().metadata, lectern: { registration: "kernel/old/1", owner: "ours/prod" } };
  write("a/srv/kernels/old/kernel.json", spec({ metadata }));
  expect(await run()).toBe(0);
  expect(printed.join("\n")).toContain("Not imported: old belongs to ours/prod already");
  untouched();
});

it("writes nothing where one kernel can't be imported, and names it with the way out", async () => {
  write("a/srv/kernels/science/kernel.json", spec());
  write(
    "a/srv/kernels/spark/kernel.json",
    spec({ metadata: { process_proxy: { class_name: "our.Spark" } } }),
  );
  expect(await run()).toBe(1);
  expect(errors.join("")).toMatch(
    /a:\/srv\/kernels\/spark\/kernel\.json .*no process proxy of the class our\.Spark.*--except spark/,
  );
  untouched();
  expect(await run({ except: ["spark"] })).toBe(0);
  expect(readdirSync(join(folder, "catalog/kernels"))).toEqual(["science"]);
});

it("refuses kernels that differ between hosts, and takes those that only look different", async () => {
  write("a/srv/kernels/science/kernel.json", spec());
  write("b/srv/kernels/science/kernel.json", `\n${JSON.stringify(spec(), null, 4)}`);
  expect(await run({}, world(["a", "b"]))).toBe(0);
  write("b/srv/kernels/other/kernel.json", spec({ display_name: "Other" }));
  write("a/srv/kernels/other/kernel.json", spec({ display_name: "Another" }));
  expect(await run({ only: ["other"] }, world(["a", "b"]))).toBe(1);
  expect(errors.join("")).toMatch(/it is another one on b\. Make them the same/);
});

it("refuses a kernel whose file another host has only half of", async () => {
  write("a/srv/kernels/science/kernel.json", spec());
  write("b/srv/kernels/science/kernel.json", '{"argv": [');
  expect(await run({}, world(["a", "b"]))).toBe(1);
  expect(errors.join("")).toMatch(/it is another one on b\. Make them the same/);
  untouched();
});

it("overwrites neither a kernel of the catalog nor a decision, and refuses a second one of a display name", async () => {
  write("a/srv/kernels/science/kernel.json", spec());
  write("catalog/kernels/science/kernel.yaml", "mine");
  expect(await run()).toBe(1);
  expect(errors.join("")).toMatch(/catalog\/kernels\/science: the folder exists already/);
  expect(read("catalog/kernels/science/kernel.yaml")).toBe("mine");
  write("a/srv/kernels/two/kernel.json", spec());
  const decided = `${STACK}  lectern:kernels:\n    two: {adopt: false}\n`;
  write("Pulumi.staging.yaml", decided);
  expect(await run({ only: ["two"] })).toBe(1);
  expect(errors.join("")).toMatch(
    /Pulumi\.staging\.yaml lectern:kernels\.two: the stack has decided on two already/,
  );
  write("Pulumi.staging.yaml", STACK);
  write(
    "catalog/kernels/science/kernel.yaml",
    "display_name: Python for Science\nlanguage: python\nimage: x:1\n",
  );
  expect(await run({ only: ["two"] })).toBe(1);
  expect(errors.join("")).toMatch(
    /kernels\/two\/kernel\.yaml display_name: .* is also the display name of science/,
  );
  expect(readdirSync(join(folder, "catalog"))).toEqual(["kernels"]);
  expect(existsSync(join(folder, "catalog/kernels/two"))).toBe(false);
});

it.each([
  [{ only: ["scince"] }, /has no kernel "scince"\. Did you mean "science"/],
  [{ except: ["scince"] }, /--except: .* has no kernel "scince"\. Did you mean "science"/],
  [{ stack: "prod" }, /Pulumi\.prod\.yaml: there is no such file\. Make the stack first/],
  [{ from: "/srv/kernels" }, /is no file URL\. Write file:\/\/\/srv\/kernels/],
  [{ from: "file:///nowhere/at/all" }, /there is no folder \/nowhere\/at\/all/],
] as const)("refuses %j", async (options, message) => {
  write("a/srv/kernels/science/kernel.json", spec());
  expect(await run(options)).toBe(1);
  expect(errors.join("")).toMatch(message);
  untouched();
});
