import { parseReference } from "../../../image/reference.ts";
import { isObject, type JsonObject } from "../../../json.ts";
import { LecternError } from "../../../problem/problem.ts";
import { classOfProxy } from "./kernelspec-render.ts";

/**
 * A kernel.json as Jupyter and Enterprise Gateway understand it: what is left out has its default, whose mark it has does not
 * matter, and the order of keys neither. An image without a tag is the one with the tag `latest`.
 */
export function meaningOf(spec: JsonObject): JsonObject {
  const { metadata, env = {}, interrupt_mode: interrupts = "signal", ...rest } = spec;
  const {
    lectern: _,
    process_proxy: proxy,
    debugger: debugs = false,
    ...others
  } = isObject(metadata) ? metadata : {};
  const provisioner = others["kernel_provisioner"];
  return {
    ...rest,
    env,
    interrupt_mode: interrupts,
    metadata: {
      ...others,
      debugger: debugs,
      ...(provisioner === undefined
        ? { process_proxy: backendOf(proxy) }
        : { kernel_provisioner: backendOf(provisioner) }),
    },
  };
}

/** What starts a kernel whose file names nothing. */
const LOCAL: JsonObject = { class_name: classOfProxy("local") };

function backendOf(backend: unknown): JsonObject {
  const { config, ...rest } = isObject(backend) ? backend : LOCAL;
  const { authorized_users: users, image_name: image, ...others } = isObject(config) ? config : {};
  return {
    ...rest,
    config: {
      ...others,
      ...(users === undefined || users === "" ? {} : { authorized_users: users }),
      ...(image === undefined || image === "" ? {} : { image_name: withTag(image) }),
    },
  };
}

/** An image without a tag is the one with the tag `latest`. */
export function withTag<T>(image: T): T | string {
  if (typeof image !== "string") return image;
  try {
    const { tag, digest } = parseReference(image);
    return tag === undefined && digest === undefined ? `${image}:latest` : image;
  } catch (error) {
    // The rules of kernel.yaml report it.
    if (error instanceof LecternError) return image;
    throw error;
  }
}
