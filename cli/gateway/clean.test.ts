import { beforeEach, expect, it } from "vitest";
import type { Transport } from "../../components/kernel/hosts/transport/transport.ts";
import { testContext } from "../../components/resource/testing/test-context.ts";
import { type CleanOptions, cleanGateway } from "./clean.ts";
import type { GatewayWorld } from "./gateway-world.ts";

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const GATEWAY = {
  hosts: [{ local: true }],
  specsFolder: "/srv/kernels",
  restart: { mode: "none" },
};

/** A host's files, and its images by what `docker image ls` prints of each. */
let files: Record<string, string>;
let images: string[];
let inContainers: string[];
/** What the engine finds under another name than that which it lists: reference to ID. */
let aliases: Record<string, string>;
let ran: string[];
let printed: string[];

const spec = (image: string) =>
  JSON.stringify({ metadata: { process_proxy: { config: { image_name: image } } } });
const listed = (repository: string, digit: string, tag = "<none>") =>
  `${repository} ${digest(digit)} ${tag} ${digest(digit)} 1.2GB`;

beforeEach(() => {
  ran = [];
  printed = [];
  inContainers = [];
  aliases = {};
  files = {
    "/srv/kernels/python/kernel.json": spec(`docker.io/lab/python@${digest("3")}`),
    "/srv/kernels/python/kernel.json.previous": spec(`docker.io/lab/python@${digest("2")}`),
    "/srv/kernels/python/kernel.json.older": spec(`docker.io/lab/python@${digest("1")}`),
  };
  images = ["0", "1", "2", "3"].map((digit) => listed("lab/python", digit));
});

const host = {
  host: "local",
  list: async (folder: string) => {
    const below = Object.keys(files).filter((file) => file.startsWith(`${folder}/`));
    return below.length === 0 ? undefined : [...new Set(below.map((file) => file.split("/").at(-2) ?? ""))];
  },
  read: async (file: string) => (file in files ? Buffer.from(files[file] ?? "") : undefined),
  run: async ([, ...args]: readonly string[]) => {
    const line = args.join(" ");
    const done = (stdout: string, code = 0) => ({
      code,
      stdout,
      stderr: code === 0 ? "" : "image is being used",
    });
    if (line.startsWith("image ls")) return done(`${images.join("\n")}\n`);
    if (line.startsWith("image inspect"))
      return done(args.flatMap((arg) => (arg in aliases ? `${aliases[arg]}\n` : [])).join(""), 1);
    if (line.startsWith("ps")) return done(inContainers.map((id) => `c-${id}\n`).join(""));
    if (line.startsWith("inspect")) return done(inContainers.map((id) => `${digest(id)}\n`).join(""));
    ran.push(line);
    return done("", line.includes(digest("9")) ? 1 : 0);
  },
} as unknown as Transport;

function clean(options: Partial<CleanOptions> = {}, changes: Partial<GatewayWorld> = {}, more: object = {}) {
  const gateways = JSON.stringify({ main: { ...GATEWAY, ...more } });
  return cleanGateway(
    "main",
    { stack: "prod", ...options },
    {
      config: async () => ({ "lectern:gateways": gateways, "lectern:imageRepository": "lab/built" }),
      context: (raw, report) => testContext({}, { raw, report }),
      connect: () => host,
      print: (line) => void printed.push(line),
      printError: (line) => void printed.push(line),
      confirm: undefined,
      ...changes,
    },
  );
}

it("lists what neither a kernelspec, nor an earlier form that a rollback goes to, nor a container has", async () => {
  images.push(listed("lab/python", "4"), listed("lab/built/gone", "5"), listed("lab/other", "6"));
  images.push(listed("lab/python", "7", "latest"), "lab/python <none> dev sha256:8 1GB");
  inContainers = ["4"];
  expect(await clean()).toBe(2);
  expect(printed).toEqual([
    "local: no kernel and no container uses",
    `  lab/python@${digest("0")} (1.2GB)`,
    `  lab/built/gone@${digest("5")} (1.2GB)`,
    "Nothing was removed: there is no terminal to ask on. Confirm with --yes.",
  ]);
  expect(ran).toEqual([]);
});

it("removes them after a yes, and looks again before", async () => {
  images.push(listed("lab/python", "4"));
  const confirm = async (question: string) => {
    expect(question).toBe("Remove these 2 images?");
    files["/srv/kernels/new/kernel.json"] = spec(`lab/python@${digest("4")}`);
    return true;
  };
  expect(await clean({}, { confirm })).toBe(0);
  expect(ran).toEqual([`image rm lab/python@${digest("0")}`]);
});

it("keeps what a folder of another stack has", async () => {
  files["/srv/staging/python/kernel.json"] = spec(`lab/python@${digest("0")}`);
  expect(await clean({ yes: true, keep: ["/srv/staging"] })).toBe(0);
  expect(printed).toEqual(["local: nothing to remove"]);
  expect(await clean({ yes: true })).toBe(0);
  expect(ran).toHaveLength(1);
});

it("keeps what a kernelspec names by another digest than the engine lists, such as that of an index", async () => {
  aliases[`docker.io/lab/python@${digest("3")}`] = digest("8");
  images = [listed("lab/python", "8")];
  expect(await clean({ yes: true })).toBe(0);
  expect(printed).toEqual(["local: nothing to remove"]);
});

it("removes nothing where a folder to keep, or the gateway's own, is not on the hosts", async () => {
  expect(await clean({ yes: true, keep: ["/srv/stagin"] })).toBe(1);
  expect(printed.at(-1)).toMatch(/--keep: no host of the gateway main has the folder \/srv\/stagin/);
  files = {};
  images = [listed("lab/built/python", "5")];
  expect(await clean({ yes: true })).toBe(1);
  expect(printed.at(-1)).toMatch(/local: there is no folder \/srv\/kernels/);
  images = [];
  expect(await clean({ yes: true })).toBe(0);
  expect(ran).toEqual([]);
});

it("goes on where the engine refuses one, and reports that", async () => {
  images.unshift(listed("lab/python", "9"));
  expect(await clean({ yes: true })).toBe(1);
  expect(ran).toEqual([digest("9"), digest("0")].map((one) => `image rm lab/python@${one}`));
  expect(printed.join("\n")).toMatch(/`docker image rm` failed with exit code 1: image is being used/);
});

it("removes nothing where a kernel.json can't be read, or the hosts pull no images", async () => {
  files["/srv/kernels/broken/kernel.json"] = "{";
  expect(await clean({ yes: true })).toBe(1);
  expect(printed.at(-1)).toMatch(/broken\/kernel.json can't be parsed/);
  expect(await clean({ yes: true }, {}, { pull: "none" })).toBe(1);
  expect(printed.at(-1)).toMatch(/lectern:gateways.main.pull/);
  expect(ran).toEqual([]);
});
