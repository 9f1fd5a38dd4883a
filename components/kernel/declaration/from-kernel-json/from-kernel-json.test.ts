import fc from "fast-check";
import { expect, it } from "vitest";
import { stringify } from "yaml";
import type { JsonObject } from "../../../json.ts";
import { LecternError } from "../../../problem/problem.ts";
import { parseYaml } from "../../../problem/yaml-file.ts";
import { meaningOf } from "../../spec/file/kernelspec-meaning.ts";
import { renderKernelspec } from "../../spec/file/kernelspec-render.ts";
import { type KernelspecBody, PROXIES } from "../../spec/kernelspec-contract.ts";
import { bodyOf } from "../kernel-file.ts";
import { kernelFileProblems } from "../kernel-rules.ts";
import { kernelFileSchema } from "../kernel-schema.ts";
import { type DeclaredKernel, fromKernelJson } from "./from-kernel-json.ts";

const PLACE = "python/kernel.json";
const CLASSES = "enterprise_gateway.services.processproxies";
const DOCKER = `${CLASSES}.docker_swarm.DockerProcessProxy`;
const DIGEST = `sha256:${"a".repeat(64)}`;

/** As an old script of the deployment wrote it. */
const SPEC = {
  argv: ["python", "/usr/local/bin/launch.py", "--RemoteProcessProxy.kernel-id", "{kernel_id}"],
  env: { LEVEL: "1", KERNEL_MEMORY: "2G" },
  display_name: "Python for Science",
  language: "python",
  metadata: {
    process_proxy: {
      class_name: DOCKER,
      config: { image_name: "org/science:2026.1", authorized_users: "ada,bob" },
    },
  },
};

const declared = (spec: object, hasOwnScripts = false) =>
  fromKernelJson(JSON.stringify(spec), PLACE, hasOwnScripts);

/** What Lectern writes of a kernel.yaml that was written and read again. */
function written({ file }: DeclaredKernel, secrets: Record<string, string> = {}): JsonObject {
  const { value, problems } = parseYaml(stringify(file), "kernel.yaml");
  expect(problems).toEqual([]);
  expect(kernelFileProblems(value)).toEqual([]);
  const read = kernelFileSchema.parse(value);
  const body = { ...bodyOf(read), env: { ...read.env, ...secrets } };
  const rendered = { displayName: read.display_name, language: read.language, image: read.image ?? "", body };
  // The resources are in bodyOf: the variables above go over them.
  return JSON.parse(
    renderKernelspec({ ...rendered, owner: "ours/staging" }, "kernel/x/1", "example.org/ours"),
  );
}

function refusal(spec: object | string): string {
  try {
    fromKernelJson(typeof spec === "string" ? spec : JSON.stringify(spec), PLACE);
  } catch (error) {
    if (error instanceof LecternError) return error.message;
    throw error;
  }
  throw new Error("it was not refused");
}

it("says the kernel.json of another tool with its own command, environment, image and users", () => {
  expect(declared(SPEC)).toEqual({
    file: {
      display_name: "Python for Science",
      language: "python",
      image: "org/science:2026.1",
      process_proxy: { class: "docker" },
      authorized_users: ["ada", "bob"],
      env: { LEVEL: "1", KERNEL_MEMORY: "2G" },
      metadata: { debugger: false },
      argv: SPEC.argv,
    },
    secrets: [],
  });
});

const body = (more: Partial<KernelspecBody> = {}): KernelspecBody => ({
  backend: { kind: "process-proxy", proxy: "kubernetes" },
  env: { LEVEL: "1" },
  resources: { cpus: 0.5, memory: "1Gi", memoryLimit: "2Gi", gpus: 1 },
  authorizedUsers: [],
  config: {},
  ...more,
});
const rendered = (more: Partial<KernelspecBody> = {}, image = `org/science@${DIGEST}`) =>
  JSON.parse(
    renderKernelspec({ displayName: "Science", language: "python", image, body: body(more) }, "kernel/x/1"),
  );

it("leaves the launcher's own command out, and says resources as such", () => {
  expect(declared(rendered()).file).toEqual({
    display_name: "Science",
    language: "python",
    image: `org/science@${DIGEST}`,
    process_proxy: { class: "kubernetes" },
    env: { LEVEL: "1" },
    resources: { cpu: 0.5, memory: "1Gi", memory_limit: "2Gi", gpu: 1 },
  });
});

it("keeps the command where the folder has launch scripts of its own", () => {
  const { file } = declared(rendered(), true);
  expect(file).toMatchObject({ argv: rendered().argv, env: { KERNEL_CPUS: "0.5", KERNEL_GPUS_LIMIT: "1" } });
});

it("leaves secrets out of the file, and names them", () => {
  const env = { LEVEL: "1", DB_PASSWORD: "canary-1", REPO: "https://bob:canary-2@example.org" };
  const { file, secrets } = declared({ ...SPEC, env });
  expect(secrets).toEqual(["DB_PASSWORD", "REPO"]);
  expect(JSON.stringify(file)).not.toContain("canary");
  expect(meaningOf(written({ file, secrets }, { ...env }))).toEqual(
    meaningOf(written(declared({ ...SPEC, env: { LEVEL: "1" } }), env)),
  );
});

it.each<[string, object | string, RegExp]>([
  ["what is no JSON", "{", /python\/kernel\.json: it is not JSON/],
  [
    "an unknown key",
    { ...SPEC, kernel_protocol_version: "5.5" },
    /kernel_protocol_version: unknown key .*, which kernel\.yaml has no place for\. Remove it from kernel\.json, or leave the kernel out/,
  ],
  [
    "a variable that is no text",
    { ...SPEC, env: { LEVEL: 1 } },
    /env\.LEVEL: expected string.*or leave the kernel out/,
  ],
  [
    "a process proxy of others",
    { ...SPEC, metadata: { process_proxy: { class_name: "our.Proxy", config: {} } } },
    /no process proxy of the class our\.Proxy\. Leave the kernel out/,
  ],
  [
    "two backends",
    { ...SPEC, metadata: { ...SPEC.metadata, kernel_provisioner: { provisioner_name: "x" } } },
    /both a process_proxy and a kernel_provisioner/,
  ],
  [
    "a variable that the gateway sets",
    { ...SPEC, env: { KERNEL_IMAGE: "x" } },
    /env\.KERNEL_IMAGE: KERNEL_IMAGE would override/,
  ],
  [
    "an image of executors",
    {
      ...SPEC,
      metadata: {
        process_proxy: { class_name: DOCKER, config: { image_name: "a:1", executor_image_name: "b:1" } },
      },
    },
    /executor_image_name in config would override/,
  ],
  [
    "root",
    {
      ...SPEC,
      metadata: {
        process_proxy: { class_name: DOCKER, config: { image_name: "a:1", authorized_users: "root" } },
      },
    },
    /root may start the kernel/,
  ],
  [
    "a container without an image",
    { ...SPEC, metadata: { process_proxy: { class_name: DOCKER } } },
    /neither image nor build/,
  ],
  [
    "a secret in argv",
    { ...SPEC, argv: ["python", "ghp_0123456789012345678901234567"] },
    /argv: a word of argv looks like a secret/,
  ],
])("refuses %s by name", (_, spec, message) => {
  expect(refusal(spec)).toMatch(message);
});

it("never prints a secret that it refuses", () => {
  const config = { image_name: "a:1", registry_password: "canary-3" };
  const spec = { ...SPEC, metadata: { process_proxy: { class_name: DOCKER, config } } };
  expect(refusal(spec)).toMatch(/registry_password looks like a secret/);
  expect(refusal(spec)).not.toContain("canary");
});

const words = fc.oneof(
  fc.constantFrom(
    "yes",
    "1e3",
    "0x1f",
    "~",
    "null",
    "- a",
    "a: b",
    "#x",
    "{connection_file}",
    " padded ",
    "two\nlines",
    "ü",
    "'\"",
  ),
  fc.string({ maxLength: 12 }).filter((text) => !text.includes("\0")),
);
const names = fc.constantFrom(
  "LEVEL",
  "A",
  "lower",
  "MODE_2",
  "KERNEL_MEMORY",
  "KERNEL_CPUS",
  "KERNEL_GPUS",
  "KERNEL_GPUS_LIMIT",
);
const values = fc.oneof(words, fc.constantFrom("1", "0.5", "1.0", "2G", "2GB", ""));
const anyJson = fc
  .jsonValue({ maxDepth: 2, noUnicodeString: false })
  .filter((value) => !JSON.stringify(value).includes("__proto__"));
const specs = fc
  .record(
    {
      argv: fc.array(words, { minLength: 1, maxLength: 5 }),
      display_name: fc.constantFrom("Python", "R für alle", "yes", "1"),
      language: fc.constantFrom("python", "R", "julia"),
      env: fc.dictionary(names, values),
      interrupt_mode: fc.constantFrom("signal", "message"),
      proxy: fc.constantFrom(...PROXIES, undefined),
      image: fc.constantFrom("org/a:1", `ghcr.io/org/a:1@${DIGEST}`, "org/a", "localhost:5000/a:1"),
      users: fc.constantFrom("", "ada", "ada,bob"),
      config: fc.dictionary(fc.constantFrom("remote_hosts", "extra", "n"), anyJson),
      debugger: fc.boolean(),
      more: fc.dictionary(fc.constantFrom("supported_features", "x"), anyJson),
    },
    { requiredKeys: ["argv", "display_name", "language", "proxy", "image", "more"] },
  )
  .map(({ proxy, image, users, config, debugger: debugs, more, ...spec }) => {
    const known = proxy && rendered({ backend: { kind: "process-proxy", proxy }, resources: {} }, image);
    const backend = known && {
      process_proxy: {
        ...known.metadata.process_proxy,
        config: { ...config, image_name: image, ...(users === undefined ? {} : { authorized_users: users }) },
      },
    };
    return {
      ...spec,
      // Every other one has the command of the gateway's launcher.
      argv: known && spec.argv.length % 2 === 0 ? known.argv : spec.argv,
      metadata: { ...more, ...(debugs === undefined ? {} : { debugger: debugs }), ...backend },
    };
  });

it("means the same when Lectern has written it, whatever kernel.json it comes from", () => {
  let imported = 0;
  fc.assert(
    fc.property(specs, fc.boolean(), (spec, hasOwnScripts) => {
      let found: DeclaredKernel;
      try {
        found = declared(spec, hasOwnScripts);
      } catch (error) {
        // A launcher of Python for another language, and secrets that words happen to look like.
        expect(error).toBeInstanceOf(LecternError);
        return;
      }
      imported++;
      expect(found.secrets).toEqual([]);
      // As its text says: JSON has no negative zero.
      expect(meaningOf(written(found))).toEqual(meaningOf(JSON.parse(JSON.stringify(spec))));
    }),
    { numRuns: 300 },
  );
  expect(imported).toBeGreaterThan(200);
});
