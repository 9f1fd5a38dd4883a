import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import { LecternError } from "../../../components/problem/problem.ts";
import type { Adapter, AdapterResource } from "../adapter.ts";
import { changedPaths, type PropertyMap } from "../values.ts";

const execute = promisify(execFile);

const inputsSchema = z.looseObject({
  imageName: z.string(),
  skipPush: z.boolean().default(false),
  build: z
    .looseObject({
      context: z.string().default("."),
      dockerfile: z.string().optional(),
      platform: z.string().optional(),
      target: z.string().optional(),
      args: z.record(z.string(), z.string()).default({}),
    })
    .prefault({}),
});

/** `docker:index/image:Image`: builds and pushes with the Docker CLI and the logins that it has. */
export function dockerAdapter(): Adapter {
  return {
    async check(resource, _olds, news) {
      if (resource.type !== "docker:index/image:Image") {
        const reason = `the sandbox builds images, and has no ${resource.type}`;
        return { inputs: news, failures: [{ property: "", reason }] };
      }
      return { inputs: news };
    },
    async diff(_resource, _id, olds, news) {
      const { repoDigest: _digest, baseImageName: _base, ...before } = olds;
      return { changes: changedPaths(before, news).length > 0 };
    },
    create: async (resource, inputs) => ({
      id: String(inputs["imageName"]),
      outs: await build(resource, inputs),
    }),
    update: async (resource, _id, _olds, news) => ({ outs: await build(resource, news) }),
    read: async (_resource, id, props) => ({ id, props }),
  };
}

async function build(resource: AdapterResource, inputs: PropertyMap): Promise<PropertyMap> {
  const { imageName, skipPush, build: how } = inputsSchema.parse(inputs);
  const options = [
    ...(how.dockerfile ? ["--file", how.dockerfile] : []),
    ...(how.platform ? ["--platform", how.platform] : []),
    ...(how.target ? ["--target", how.target] : []),
    // Only the names: Docker takes the values from its environment.
    ...Object.keys(how.args).flatMap((name) => ["--build-arg", name]),
  ];
  resource.progress(`builds ${imageName}`);
  await docker(["build", "--quiet", "--tag", imageName, ...options, how.context], how.args);
  if (!skipPush) {
    resource.progress(`pushes ${imageName}`);
    await docker(["push", "--quiet", imageName]);
  }
  const digests = await docker(["image", "inspect", "--format", '{{join .RepoDigests " "}}', imageName]);
  return { ...inputs, baseImageName: imageName, repoDigest: digests.trim().split(" ")[0] ?? "" };
}

async function docker(args: readonly string[], environment: Record<string, string> = {}): Promise<string> {
  try {
    const { stdout } = await execute("docker", args, { env: { ...process.env, ...environment } });
    return stdout;
  } catch (error) {
    const { code, stderr = "" } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === "ENOENT") throw missing();
    throw new Error(`docker ${args[0]} failed: ${stderr.trim()}`);
  }
}

function missing(): LecternError {
  return new LecternError({
    code: "no-docker",
    severity: "error",
    message: "an image has to be built, and the Docker CLI is not on this machine",
    remedy: "Install Docker, or name an image that is built already",
  });
}
