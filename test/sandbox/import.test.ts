import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, expect, it } from "vitest";
import { parse } from "yaml";
import { importArticles } from "../../cli/import/articles/import-articles.ts";
import { meaningOf } from "../../components/kernel/spec/file/kernelspec-meaning.ts";
import { testContext } from "../../components/resource/testing/test-context.ts";
import { changesOf, type JsonReport } from "./command.ts";
import { API_KEY, openWorkplace, type Workplace } from "./workplace.ts";

let place: Workplace;
beforeEach(async () => {
  place = await openWorkplace();
  write("Pulumi.yaml", "name: ours\n");
  write("Pulumi.sandbox.yaml", "config: {}\n");
});
afterEach(() => place.close());

function write(path: string, content: string): void {
  const file = join(place.repository.root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}
const specs = () => join(place.state, "hosts/kernels");
const specOf = (name: string) => readFileSync(join(specs(), name, "kernel.json"), "utf8");
const restarts = () => join(place.state, "restarts");
const text = ({ steps, diagnostics, progress }: JsonReport) =>
  JSON.stringify([steps, diagnostics, progress]).replaceAll("\\", "");

/** A deployment with what the imports have decided in the stack's file, and a gateway that notes its restarts. */
function deploy(command: string, ...args: string[]) {
  const { config } = parse(readFileSync(join(place.repository.root, "Pulumi.sandbox.yaml"), "utf8"));
  const gateway = {
    hosts: [{ local: true }],
    specsFolder: specs(),
    restart: { mode: "command", command: ["touch", restarts()] },
    pull: "none",
  };
  const values = { gateways: { main: gateway }, ...config };
  const settings = Object.entries(values).flatMap(([key, value]) => [
    "--config",
    `${key.replace("lectern:", "")}=${JSON.stringify(value)}`,
  ]);
  return place.json(command, ...settings, ...args);
}

/** How another tool registers a kernel: a script that writes its folder, with an image by its tag. */
function installByScript(name: string): void {
  const script = `
    mkdir -p "$1/$2/scripts"
    printf '#!/bin/sh\\nexec docker run "$@"\\n' > "$1/$2/scripts/start.sh"
    cat > "$1/$2/kernel.json" <<END
{"display_name": "Python of the lab", "language": "python",
 "argv": ["sh", "{resource_dir}/scripts/start.sh", "{kernel_id}", "{connection_file}"],
 "env": {"LEVEL": "1", "KERNEL_MEMORY": "2G"}, "interrupt_mode": "message",
 "metadata": {"process_proxy": {"class_name": "enterprise_gateway.services.processproxies.docker_swarm.DockerProcessProxy",
   "config": {"image_name": "lectern/python-science:2026.1", "authorized_users": "ada,bob"}}}}
END`;
  mkdirSync(specs(), { recursive: true });
  execFileSync("sh", ["-c", script, "sh", specs(), name]);
}

function importKernels(): void {
  const call = ["import", "gateway", "main", "--stack", "sandbox", "--from", pathToFileURL(specs()).href];
  execFileSync(process.execPath, [resolve("cli/lectern.mjs"), ...call], { cwd: place.repository.root });
}

const withoutImage = (spec: string) =>
  JSON.parse(JSON.stringify(meaningOf(JSON.parse(spec))).replace(/"image_name":"[^"]*"/, '"image_name":""'));

it("a kernel that a script has installed is imported, adopted with its image's digest alone, and nothing restarts", async () => {
  installByScript("lab-python");
  const before = specOf("lab-python");
  importKernels();
  expect(specOf("lab-python")).toBe(before);

  const plan = await deploy("preview");
  expect(plan.code, text(plan)).toBe(0);
  expect(text(plan)).toMatch(
    /adopts \S+lab-python of local with another metadata\.process_proxy; the gateway is not restarted/,
  );
  const up = await deploy("up");
  expect(up.code, text(up)).toBe(0);
  expect(existsSync(restarts())).toBe(false);
  const after = specOf("lab-python");
  expect(JSON.parse(after).metadata.process_proxy.config.image_name).toMatch(
    /lectern\/python-science@sha256:/,
  );
  expect(withoutImage(after)).toEqual(withoutImage(before));
  expect(readFileSync(join(specs(), "lab-python/scripts/start.sh"), "utf8")).toContain("docker run");

  // Later deployments know it as any other kernel.
  const calm = await deploy("up", "--expect-no-changes");
  expect(calm.code, text(calm)).toBe(0);
  const file = join(place.repository.catalog, "kernels/lab-python/kernel.yaml");
  writeFileSync(file, readFileSync(file, "utf8").replace('LEVEL: "1"', 'LEVEL: "2"'));
  const changed = await deploy("up");
  expect(changesOf(changed)).toEqual(["update Kernelspec lab-python"]);
  expect(existsSync(restarts())).toBe(false);
});

it("a kernel that names its image by its digest is adopted as it is: its file gets the mark of its owner alone", async () => {
  installByScript("lab-python");
  importKernels();
  expect((await deploy("up")).code).toBe(0);
  // As if another tool had written what that deployment wrote.
  const { metadata, ...rest } = JSON.parse(specOf("lab-python"));
  const { lectern: _, ...others } = metadata;
  writeFileSync(join(specs(), "lab-python/kernel.json"), JSON.stringify({ ...rest, metadata: others }));
  place.repository.drop("kernels/lab-python");
  write("Pulumi.sandbox.yaml", "config: {}\n");
  importKernels();

  const state = ["--state", join(place.state, "of-another-stack")];
  const plan = await deploy("preview", ...state);
  expect(text(plan)).toMatch(/adopts \S+lab-python of local as it is; the gateway is not restarted/);
  expect((await deploy("up", ...state)).code).toBe(0);
  const { lectern, ...unmarked } = JSON.parse(specOf("lab-python")).metadata;
  expect(lectern.registration).toMatch(/^kernel\/lab-python\/adopted-/);
  expect(unmarked).toEqual({ debugger: false, ...others });
  expect(existsSync(restarts())).toBe(false);
});

it("an article that was made by hand is imported and keeps its ID: one update, no second article", async () => {
  place.repository.addCourse("bell");
  place.repository.commit();
  const first = await place.json("up");
  expect(first.code, text(first)).toBe(0);
  const [made] = place.api.articles();
  const author = join(place.repository.root, "bell-by-hand");
  execFileSync("mv", [join(place.repository.catalog, "courses/bell"), author]);

  // A stack that has never deployed it, in a state of its own.
  const world = {
    config: async () => ({ "lectern:apiKey": API_KEY, "lectern:apiUrl": place.api.url }),
    context: (raw: (key: string) => string | undefined) =>
      testContext({ apiKey: raw("apiKey") ?? "", apiUrl: raw("apiUrl") ?? "" }),
    print: () => {},
    printError: (line: string) => expect.unreachable(line),
  };
  const options = {
    id: [made?.customId ?? ""],
    from: [author],
    type: "course",
    stack: "sandbox",
    catalog: "catalog",
  } as const;
  place.writes();
  expect(await importArticles(options, place.repository.root, world)).toBe(0);
  expect(place.writes()).toEqual([]);
  place.repository.commit();

  const state = ["--state", join(place.state, "of-another-stack")];
  const plan = await deploy("preview", ...state);
  expect(plan.code, text(plan)).toBe(0);
  expect(text(plan)).toContain(`adopts ${made?.customId} on qBook`);
  const up = await deploy("up", ...state);
  expect(up.code, text(up)).toBe(0);
  expect(place.writes()).toEqual([`PUT /learn/articles/course/${made?.customId}`]);
  expect(up.outputs["articles"]).toHaveProperty(["course/bell-by-hand", "customId"], made?.customId);
  expect(place.api.articles()).toHaveLength(1);
  const calm = await deploy("up", "--expect-no-changes", ...state);
  expect(calm.code, text(calm)).toBe(0);
  expect(place.writes()).toEqual([]);
});
