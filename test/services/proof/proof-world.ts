import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  chapter,
  codeCell,
  course,
  notebook,
  PIXEL,
  writeFiles,
} from "../../../components/article/source/testing/articles.ts";
import type { GatewayClient } from "../../../components/kernel/gateway/gateway-client.ts";
import { proofSubjects } from "../../../components/proof/proof-subjects.ts";
import { type ProofKernels, planProofs, runProofs } from "../../../components/proof/prove.ts";
import type { ProofResult } from "../../../components/proof/result/proof-result.ts";
import { gatewayKernels } from "../../../components/proof/run/gateway-kernels.ts";
import { folderStore } from "../../../components/proof/store/folder-store.ts";
import { systemClock } from "../../../components/resource/context/clock.ts";
import { image } from "../gateway/gateway-fixture.ts";

/** Two images that differ in the version of a package: on the newer one, `labkit.old` is gone. */
export const IMAGES = { old: image("a"), new: image("b") } as const;

const LABKIT = {
  [IMAGES.old]: "__version__ = '1.0'\ndef old(): return 1\ndef both(): return 2\n",
  [IMAGES.new]: "__version__ = '2.0'\ndef both(): return 2\n",
};

/** Starts the environment of the image that the gateway asks for, as a container would be. */
const LAUNCH = `
import json, os, sys
python = json.load(open(sys.argv[1]))[os.environ["KERNEL_IMAGE"]]
os.execv(python, [python, "-m", "ipykernel_launcher", "-f", sys.argv[2]])
`;

/** Virtual environments that play the images, each with a labkit of its own. @param gateway its program */
function environments(folder: string, gateway: string): string {
  const own = join(dirname(gateway), "python");
  const asked = spawnSync(own, ["-c", "import site; print(site.getsitepackages()[0])"], { encoding: "utf8" });
  const pythons = Object.entries(LABKIT).map(([name, labkit], index) => {
    const environment = join(folder, `environment-${index}`);
    const made = spawnSync(own, ["-m", "venv", "--without-pip", environment], { encoding: "utf8" });
    if (made.status !== 0) throw new Error(made.stderr);
    const python = join(environment, "bin", "python");
    const place = spawnSync(python, ["-c", "import site; print(site.getsitepackages()[0])"], {
      encoding: "utf8",
    });
    const packages = place.stdout.trim();
    // What the gateway has installed, without installing it again.
    writeFileSync(join(packages, "shared.pth"), asked.stdout);
    writeFileSync(join(packages, "labkit.py"), labkit);
    return [name, python] as const;
  });
  const file = join(folder, "pythons.json");
  writeFileSync(file, JSON.stringify(Object.fromEntries(pythons)));
  return file;
}

/** Registers the kernel whose environment is that of its image. */
export function installKernel(specsFolder: string, gateway: string): void {
  const folder = join(specsFolder, "lab");
  mkdirSync(folder, { recursive: true });
  const spec = {
    argv: ["python", "-c", LAUNCH, environments(folder, gateway), "{connection_file}"],
    display_name: "Lab",
    language: "python",
    metadata: {
      process_proxy: {
        class_name: "enterprise_gateway.services.processproxies.processproxy.LocalProcessProxy",
        config: { image_name: IMAGES.old },
      },
    },
  };
  writeFileSync(join(folder, "kernel.json"), JSON.stringify(spec));
}

/** The cells of a notebook: code, or a cell as it is. */
export type Cells = readonly (string | Record<string, unknown>)[];

/** A course with notebooks on the kernel. */
export async function labCourse(
  notebooks: Readonly<Record<string, Cells>>,
  lecture?: string,
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const folder = join(mkdtempSync(join(tmpdir(), "lectern-lab-")), "lab");
  const names = Object.keys(notebooks);
  const cells = (all: Cells) => all.map((cell) => (typeof cell === "string" ? codeCell(cell) : cell));
  await writeFiles(folder, {
    "course.json": course({
      content: names.map((name, index) =>
        chapter({ chapterName: name, chapterNumber: index + 1, baseFilePath: name, kernelId: "Lab" }),
      ),
    }),
    "logo.png": PIXEL,
    ...Object.fromEntries(names.map((name) => [name, notebook(cells(notebooks[name] ?? []))])),
    ...files,
    ...(lecture === undefined ? {} : { "lecture.yaml": lecture }),
  });
  return folder;
}

/** Kernels of a gateway's lab. */
export const labKernels = (client: GatewayClient, signal = new AbortController().signal): ProofKernels =>
  gatewayKernels({ client, spec: "lab", username: "lectern", startTimeout: 60_000, owner: "test", signal });

/** Proves a course on an image, and gives what was run and everything that is known then. */
export async function proveCourse(
  folder: string,
  on: string,
  proofs: string,
  kernels: ProofKernels,
  onResult: (result: ProofResult) => void = () => {},
): Promise<{ readonly ran: readonly ProofResult[]; readonly known: readonly ProofResult[] }> {
  const store = folderStore(proofs);
  const subjects = await proofSubjects({ id: "course/lab", folder }, () => ({
    image: on,
    language: "python",
  }));
  const { known, toRun } = await planProofs(subjects, store);
  const { signal } = new AbortController();
  const run = { kernels, store, clock: systemClock, signal, parallel: 1, onResult };
  return { ran: await runProofs(toRun, run), known };
}

export const proofsFolder = () => mkdtempSync(join(tmpdir(), "lectern-proofs-"));
