import { relative } from "node:path";
import { parseReference } from "../../../components/image/reference.ts";
import { contextDigest, readBuildContext } from "../../../components/kernel/build/build-context.ts";
import type { Adapter, AdapterResource } from "../../engine/provider/adapter.ts";
import type { PropertyMap } from "../../engine/value/values.ts";
import { seedImage } from "./image.ts";
import type { ImageStore } from "./store.ts";

/**
 * Stands in for Docker's builder: it runs no Dockerfile, but puts an image into the stand-in registry
 * that has a digest of its own for each content of the build context. The image can't be started.
 */
export function standInBuilds(store: ImageStore): Adapter {
  return {
    create: async (resource, inputs) => {
      const outs = await build(store, resource, inputs);
      return { id: String(outs["repoDigest"]), outs };
    },
    update: async (resource, _id, _olds, news) => ({ outs: await build(store, resource, news) }),
    // A registry keeps what was pushed: other stacks may have deployed it.
    delete: async () => {},
  };
}

async function build(
  store: ImageStore,
  resource: AdapterResource,
  inputs: PropertyMap,
): Promise<PropertyMap> {
  if (resource.type !== "docker:index/image:Image") {
    throw new Error(`the sandbox builds images only; ${resource.type} needs Pulumi and its Docker plugin`);
  }
  const { context, dockerfile, args } = inputs["build"] as {
    context: string;
    dockerfile: string;
    args?: Record<string, string>;
  };
  const content = await contextDigest(await readBuildContext(context, relative(context, dockerfile)), args);
  const { repository, tag } = parseReference(String(inputs["imageName"]));
  // The stand-in serves one registry: repositories in it have no host.
  const name = repository.slice(repository.indexOf("/") + 1);
  const { digest } = await seedImage(store, name, { content });
  await store.tag(name, { [tag ?? "latest"]: digest });
  resource.progress(`${resource.name}: a stand-in for the build of ${context} (no Dockerfile is run)`);
  return { ...inputs, repoDigest: `${repository}@${digest}` };
}
