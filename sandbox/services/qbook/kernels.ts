import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

export const kernelBody = z.looseObject({
  kernelName: z.string().regex(/^[a-z0-9._-]+$/),
  language: z.string().min(1),
  displayName: z.string().min(1),
  /** Base64. */
  dockerfile: z.base64().min(1),
  contextFiles: z.record(z.string(), z.base64()).optional(),
  resources: z.looseObject({}).optional(),
});
export type KernelBody = z.output<typeof kernelBody>;

interface Build {
  readonly buildId: string;
  readonly kernelName: string;
  readonly displayName: string;
  readonly language: string;
  readonly imageUri: string;
  readonly failed: boolean;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
}

/** The kernels that were deployed, on disk: one build each. */
export class KernelStore {
  readonly #file: string;
  readonly #latency: number;
  #builds: readonly Build[];

  constructor(folder: string, latency: number) {
    mkdirSync(folder, { recursive: true });
    this.#file = join(folder, "kernels.json");
    this.#latency = latency;
    this.#builds = readBuilds(this.#file);
  }

  /** Starts a build; undefined where the kernel exists. A failed build makes no kernel. */
  deploy(body: KernelBody, failed: boolean): Build | undefined {
    if (this.#builds.some((build) => build.kernelName === body.kernelName && !build.failed)) return undefined;
    const digest = createHash("sha256")
      .update(JSON.stringify([body.dockerfile, body.contextFiles]))
      .digest("hex");
    const { kernelName, displayName, language } = body;
    const build: Build = {
      buildId: `build-${kernelName}-${this.#builds.length + 1}`,
      kernelName,
      displayName,
      language,
      imageUri: `registry.qbook.invalid/kernels/${kernelName}@sha256:${digest}`,
      failed,
      startedAt: Date.now(),
    };
    this.#builds = [...this.#builds, build];
    writeFileSync(`${this.#file}.new`, JSON.stringify(this.#builds, null, 2));
    renameSync(`${this.#file}.new`, this.#file);
    return build;
  }

  /** What the API says of a build; undefined where there is none of that id. */
  status(buildId: string, now: number): Record<string, unknown> | undefined {
    const build = this.#builds.find((one) => one.buildId === buildId);
    if (!build) return undefined;
    if (now - build.startedAt < this.#latency) return { status: "pending" };
    if (build.failed) return { status: "failed", error: "the image could not be built" };
    return { status: "active", imageUri: build.imageUri };
  }

  catalogue(): Record<string, unknown> {
    const good = this.#builds.filter(({ failed }) => !failed);
    return Object.fromEntries(
      good.map(({ kernelName, displayName, language, imageUri }) => [
        kernelName,
        { displayName, language, imageUri },
      ]),
    );
  }
}

function readBuilds(file: string): Build[] {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Build[];
  } catch {
    return [];
  }
}
