import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { contextDigest } from "../build/build-context.ts";
import { kernelspecBody } from "../spec/kernelspec-contract.ts";
import { kernelFileSchema, kernelSetProblems, readKernel } from "./kernel-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lectern-kernel-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function read(text: string, name = "bell", files: Record<string, string> = {}) {
  const kernel = join(folder, name);
  rmSync(kernel, { recursive: true, force: true });
  for (const [path, content] of Object.entries({ ...files, "kernel.yaml": text })) {
    mkdirSync(dirname(join(kernel, path)), { recursive: true });
    writeFileSync(join(kernel, path), content);
  }
  return readKernel(kernel);
}

const codes = async (...args: Parameters<typeof read>) =>
  (await read(...args)).problems.map(({ code, path }) => (path ? `${path} ${code}` : code));

const HEAD = "display_name: Bell\nlanguage: python\n";
const WHOLE = `${HEAD}image: a/b:1\n`;
const DOCKERFILE = "FROM a:1\nUSER 1000\nEXPOSE 1\nCMD bootstrap-kernel.sh\n";

describe("a kernel that is right", () => {
  const written = (image: string) => `# Read by people, so with comments.
display_name: Python for Science
language: python
${image}
resources:
  cpu: 1
  memory: 1G
  memory_limit: 2G
env:
  # One thread per student.
  OMP_NUM_THREADS: "1"
process_proxy:
  class: docker
authorized_users: []
`;
  test.each([
    ["a tag", written("image: lectern/python-science:2026.1"), {}],
    [
      "a build",
      written("build:\n  context: image\n  dockerfile: Dockerfile"),
      { "image/Dockerfile": DOCKERFILE },
    ],
  ])("as people write it, with the image as %s", async (_image, text, files) => {
    const { kernel, problems } = await read(text, "python-science", files);
    expect(problems).toEqual([]);
    expect(kernel).toMatchObject({ name: "python-science", language: "python", backend: "gateway" });
    expect(kernelspecBody.parse(kernel?.body)).toEqual(kernel?.body);
  });

  test("everything in it is read", async () => {
    const { kernel, problems } = await read(
      `${HEAD}gateway: main
image: registry.example:5000/a/b:1
resources: {cpu: 0.5, cpu_limit: 2, memory: 512M, memory_limit: 2Gi, gpu: 1}
env: {A: "1"}
process_proxy: {class: kubernetes, config: {working_dir: /x}}
authorized_users: [ada, grace]
argv: [python, /srv/launch_kubernetes.py]
interrupt_mode: message
metadata: {debugger: false}
smoke: {cell: "import numpy", timeout: 30}
`,
    );
    expect(problems).toEqual([]);
    expect(kernel).toEqual({
      name: "bell",
      folder: join(folder, "bell"),
      displayName: "Bell",
      language: "python",
      backend: "gateway",
      gateway: "main",
      image: "registry.example:5000/a/b:1",
      smoke: { code: "import numpy", timeout: 30 },
      body: {
        backend: { kind: "process-proxy", proxy: "kubernetes" },
        argv: ["python", "/srv/launch_kubernetes.py"],
        metadata: { debugger: false },
        env: { A: "1" },
        resources: { cpus: 0.5, cpusLimit: 2, memory: "512M", memoryLimit: "2Gi", gpus: 1 },
        authorizedUsers: ["ada", "grace"],
        config: { working_dir: "/x" },
        interruptMode: "message",
      },
    });
  });

  test("a build is read with its context", async () => {
    const { kernel } = await read(`${HEAD}build: {context: image, args: {A: b}}\n`, "bell", {
      "image/Dockerfile": DOCKERFILE,
    });
    expect(kernel?.build).toMatchObject({ args: { A: "b" }, context: { files: ["Dockerfile"] } });
    if (!kernel?.build) throw new Error("no build");
    expect(await contextDigest(kernel.build.context, kernel.build.args)).toMatch(/^sha256:/);
  });

  test("a provisioner instead of a proxy", async () => {
    const { kernel } = await read(`${WHOLE}provisioner: {name: docker-provisioner}\n`);
    expect(kernel?.body.backend).toEqual({ kind: "provisioner", provisioner: "docker-provisioner" });
  });
});

describe("a kernel that is wrong", () => {
  test("every problem at once, each with its place and what to do", async () => {
    const { kernel, problems } = await read(
      `display_name: " Bell"
language: python
image: A/b:1
resource: {cpu: 1}
resources:
  memory: lots
process_proxy:
  class: docke
env:
  DB_PASSWORD: swordfish
`,
      "Bell States",
    );
    expect(kernel).toBeUndefined();
    expect(problems.map(({ code, path, line, column }) => [code, path, line, column])).toEqual([
      ["kernel-name", undefined, undefined, undefined],
      ["invalid-value", "display_name", 1, 15],
      ["invalid-value", "resources.memory", 6, 11],
      ["invalid-value", "process_proxy.class", 8, 10],
      ["unknown-key", "resource", 4, 1],
      ["malformed-image", "image", 3, 8],
      ["secret-in-kernel", "env.DB_PASSWORD", 10, 16],
    ]);
    for (const problem of problems) {
      expect(problem.file).toBe(join(folder, "Bell States/kernel.yaml"));
      expect(problem.remedy).not.toBe("");
    }
    expect(problems[0]?.remedy).toContain("bell-states");
    expect(problems[4]?.remedy).toBe('Did you mean "resources"?');
    expect(JSON.stringify(problems)).not.toContain("swordfish");
  });

  test.each([
    [`${HEAD}process_proxy: {class: distributed}\n`, []],
    [`${HEAD}process_proxy: {class: local}\n`, []],
    [
      "display_name: R\nlanguage: R\nprocess_proxy: {class: distributed}\n",
      ["process_proxy.class no-launcher"],
    ],
    ["display_name: R\nlanguage: R\nprocess_proxy: {class: distributed}\nargv: [Rscript, /l.R]\n", []],
    ["", ["display_name missing-field", "language missing-field", "no-image"]],
    ["[", ["malformed-file"]],
    ["- a", ["wrong-type"]],
    [HEAD, ["no-image"]],
    [`${WHOLE}build: {}\n`, ["image image-and-build", "build.dockerfile build-dockerfile"]],
    [`${HEAD}image: a/b\n`, ["image image-not-pinned"]],
    [`${WHOLE}env: {A: 1}\n`, ["env.A wrong-type"]],
    [`${WHOLE}env: {1A: "1"}\n`, ["env.1A invalid-value"]],
    [`${WHOLE}authorized_users: [root]\n`, ["authorized_users root-authorized"]],
    [`${WHOLE}authorized_users: ["a,b"]\n`, ["authorized_users[0] invalid-value"]],
    [
      `${WHOLE}process_proxy: {class: docker}\nprovisioner: {name: x}\n`,
      ["provisioner proxy-and-provisioner"],
    ],
    [`${WHOLE}backend: qbraid\nargv: [x]\n`, ["image no-build", "argv not-for-qbraid"]],
    [`${WHOLE}display_name: Again\n`, ["repeated-key"]],
    [`${HEAD}build: {context: ../other}\n`, ["build.context build-context"]],
    [`${HEAD}build: {context: nowhere}\n`, ["build.context build-context"]],
  ])("%j", async (text, expected) => {
    expect((await codes(text)).sort()).toEqual([...expected].sort());
  });

  const overridden = (path: string) => [`${path} overrides-kernel`];
  test.each([
    ["env: {KERNEL_IMAGE: evil/other:latest}", overridden("env.KERNEL_IMAGE")],
    ["env: {KERNEL_EXECUTOR_IMAGE: evil/other:1}", overridden("env.KERNEL_EXECUTOR_IMAGE")],
    ["env: {KERNEL_USERNAME: root}", overridden("env.KERNEL_USERNAME")],
    ['env: {KERNEL_UID: "0"}', overridden("env.KERNEL_UID")],
    ['env: {KERNEL_GID: "0"}', overridden("env.KERNEL_GID")],
    ["env: {KERNEL_ID: abc}", overridden("env.KERNEL_ID")],
    ["env: {KERNEL_POD_NAME: one}", overridden("env.KERNEL_POD_NAME")],
    ["env: {EG_DOCKER_MODE: swarm}", ["env.EG_DOCKER_MODE overrides-gateway"]],
    ["env: {DOCKER_HOST: x}", ["env.DOCKER_HOST overrides-gateway"]],
    ["env: {PATH: /x}", ["env.PATH changes-launcher"]],
    ["env: {LD_PRELOAD: /x.so}", ["env.LD_PRELOAD changes-launcher"]],
    ['env: {A: "a\\0b"}', ["env.A invalid-value"]],
    ["metadata: {lectern: {owner: x}}", overridden("metadata.lectern")],
    ["metadata: {process_proxy: {}}", overridden("metadata.process_proxy")],
    [`metadata: {a: ["ghp_${"a".repeat(36)}"]}`, ["metadata.a.0 secret-in-kernel"]],
    ["process_proxy: {class: local}\nenv: {PATH: /x, LD_PRELOAD: /x.so}", []],
    ["env: {KERNEL_NAMESPACE: students, KERNEL_IMAGES: x}", []],
    ...["process_proxy: {class: docker", "provisioner: {name: x"].flatMap((head) => {
      const path = `${head.split(":")[0]}.config`;
      return [
        [`${head}, config: {image_name: "evil/a:latest"}}`, overridden(`${path}.image_name`)],
        [`${head}, config: {executor_image_name: "a:1"}}`, overridden(`${path}.executor_image_name`)],
        [`${head}, config: {authorized_users: root}}`, overridden(`${path}.authorized_users`)],
        [`${head}, config: {password: swordfish}}`, [`${path}.password secret-in-kernel`]],
        [`${head}, config: {a: [{api_key: x}]}}`, [`${path}.a.0.api_key secret-in-kernel`]],
        [`${head}, config: {a: ["ghp_${"a".repeat(36)}"]}}`, [`${path}.a.0 secret-in-kernel`]],
        [`${head}, config: {remote_hosts: "a,b", token: "", use_token: true}}`, []],
      ] as [string, string[]][];
    }),
  ])("%s", async (text, expected) => {
    const { problems } = await read(`${WHOLE}${text}\n`);
    expect(problems.map(({ code, path }) => `${path} ${code}`)).toEqual(expected);
    for (const problem of problems) expect(problem).toMatchObject({ line: 4, severity: "error" });
  });

  test.each([
    ["docker", "{cpu: 1, cpu_limit: 2, memory: 1G, memory_limit: 2Gi, gpu: 1}", []],
    ["swarm", "{cpu_limit: 2, memory_limit: 2G}", []],
    ["swarm", "{gpu: 1}", ["resources.gpu resources-ignored"]],
    ["kubernetes", "{cpu: 1, gpu: 1}", []],
    ["distributed", "{cpu: 1}", ["resources resources-ignored"]],
    ["local", "{memory: 1G}", ["resources resources-ignored"]],
    ["local", "{}", []],
    ["docker", "{memory: 3G, memory_limit: 2Gi}", ["resources.memory_limit limit-too-low"]],
    ["docker", "{cpu: 2, cpu_limit: 1}", ["resources.cpu_limit limit-too-low"]],
    ...["512m", "1g", "1b", "1K"].map((amount) => [
      "kubernetes",
      `{memory: ${amount}}`,
      ["resources.memory invalid-value"],
    ]),
  ] as [string, string, string[]][])("of the class %s, the resources %s", async (proxy, given, expected) => {
    const text = `${WHOLE}process_proxy: {class: ${proxy}}\nresources: ${given}\n`;
    expect(await codes(text)).toEqual(expected);
  });

  test("resources are refused where a command of its own replaces the launcher that applies them", async () => {
    expect(await codes(`${WHOLE}argv: [/opt/start]\nresources: {cpu: 1}\n`)).toEqual([
      "resources resources-ignored",
    ]);
    expect(await codes(`${WHOLE}provisioner: {name: own}\nargv: [x]\nresources: {cpu: 1}\n`)).toEqual([
      "resources resources-ignored",
    ]);
    expect(await codes(`${WHOLE}provisioner: {name: docker-provisioner}\nresources: {cpu: 1}\n`)).toEqual([]);
  });

  test("what the kernel service of qBook is never sent is refused", async () => {
    const unsent = `env: {A: b}
resources: {cpu: 1, cpu_limit: 2, memory: 1G, memory_limit: 2G, gpu: 1}
interrupt_mode: message
smoke: {cell: "1"}
`;
    const qbraid = `${HEAD}backend: qbraid\n`;
    const files = { Dockerfile: DOCKERFILE };
    expect(await codes(`${qbraid}${unsent}build: {args: {A: b}}\n`, "bell", files)).toEqual([
      "env not-for-qbraid",
      "build.args not-for-qbraid",
      "resources.cpu_limit not-for-qbraid",
      "resources.gpu not-for-qbraid",
      "interrupt_mode not-for-qbraid",
      "smoke not-for-qbraid",
    ]);
    const sent = `${qbraid}resources: {cpu: 1, memory: 1G, memory_limit: 2G}\nenv: {}\nbuild: {args: {}}\n`;
    expect(await codes(sent, "bell", files)).toEqual([]);
    expect(await codes(`${HEAD}${unsent}build: {args: {A: b}}\n`, "bell", files)).toEqual([]);
  });

  test.each(["Bell", "bell states", ".bell", "-bell", "béll", "$(id)"])("the name %j", async (name) => {
    expect(await codes(WHOLE, name)).toEqual(["kernel-name"]);
  });

  test("a Dockerfile's problems come with the file's own", async () => {
    const { problems } = await read(`${HEAD}colour: blue\nbuild: {context: image}\n`, "bell", {
      "image/Dockerfile": DOCKERFILE.replace("1000", "root"),
    });
    expect(problems.map(({ code, file, line }) => [code, file, line])).toEqual([
      ["unknown-key", join(folder, "bell/kernel.yaml"), 3],
      ["runs-as-root", join(folder, "bell/image/Dockerfile"), 2],
    ]);
  });

  test("a mistyped Dockerfile is named, and a link out of the folder is no context", async () => {
    const { problems } = await read(`${HEAD}build: {dockerfile: Dockefile}\n`, "bell", {
      Dockerfile: DOCKERFILE,
    });
    expect(problems[0]?.remedy).toBe('Did you mean "Dockerfile"?');
    cpSync(join(folder, "bell"), join(folder, "elsewhere"), { recursive: true });
    writeFileSync(join(folder, "bell/kernel.yaml"), `${HEAD}build: {context: link}\n`);
    symlinkSync("../elsewhere", join(folder, "bell/link"));
    expect((await readKernel(join(folder, "bell"))).problems.map(({ code }) => code)).toEqual([
      "build-context",
    ]);
  });

  test("a folder without the file", async () => {
    expect((await readKernel(join(folder, "empty"))).problems).toMatchObject([{ code: "no-kernel-file" }]);
  });
});

test("two kernels with one display name are refused", async () => {
  const first = (await read(WHOLE, "bell")).kernel;
  const second = (await read(WHOLE, "bell2")).kernel;
  if (!first || !second) throw new Error("a kernel can't be read");
  expect(kernelSetProblems([first])).toEqual([]);
  expect(kernelSetProblems([first, second])).toMatchObject([
    {
      code: "display-name-twice",
      file: join(folder, "bell2/kernel.yaml"),
      message: expect.stringContaining("bell"),
    },
  ]);
});

test("the schema for editors has a description of each key", () => {
  const schema = z.toJSONSchema(kernelFileSchema, { io: "input" });
  expect(schema).toMatchObject({ required: ["display_name", "language"], additionalProperties: false });
});
