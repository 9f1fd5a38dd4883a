import { createHash } from "node:crypto";
import { readKernelspec } from "./file/kernelspec-patch.ts";
import type { KernelspecInputs, KernelspecState } from "./kernelspec-contract.ts";

/** The SHA-256 of a file's bytes. */
export function digestOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** The state of a kernel once every host has its file. @param secrets the digest of its secret variables */
export function appliedState(
  inputs: KernelspecInputs,
  registration: string,
  files: ReadonlyMap<string, Buffer>,
  secrets?: string,
): KernelspecState {
  const { name, displayName, language, body, gateway, owner, rollback, usedBy } = inputs;
  const image = [...files.values()].map((bytes) => readKernelspec(bytes)?.image).find((text) => text);
  return {
    registration,
    image: image ?? inputs.image,
    usedBy,
    hosts: mapValues(files, imageIn),
    drift: [],
    applied: {
      name,
      displayName,
      language,
      image: image ?? inputs.image,
      body,
      gateway,
      rollback,
      ...(owner === undefined ? {} : { owner }),
      ...(secrets === undefined ? {} : { secrets }),
      files: mapValues(files, digestOf),
    },
  };
}

/** The state as a refresh finds it. @param seen each host's kernel.json, or undefined */
export function seenState(
  state: KernelspecState,
  seen: ReadonlyMap<string, Buffer | undefined>,
  gatewayDrift: readonly string[],
): KernelspecState {
  const drift = [...seen].flatMap(([host, bytes]) => {
    if (!bytes) return [`${host}: kernel.json is missing`];
    if (digestOf(bytes) === state.applied.files[host]) return [];
    const image = imageIn(bytes);
    const what = image === state.applied.image ? "kernel.json was changed" : `the image is ${image}`;
    return [`${host}: ${what}`];
  });
  const hosts = mapValues(seen, (bytes) => (bytes ? imageIn(bytes) : "missing"));
  const image = Object.values(hosts).find((found) => found !== state.applied.image);
  return {
    ...state,
    image: image === undefined || image === "missing" ? state.applied.image : image,
    hosts,
    drift: [...drift, ...gatewayDrift],
  };
}

function imageIn(bytes: Buffer): string {
  const read = readKernelspec(bytes);
  return read ? (read.image ?? "") : "unreadable";
}

function mapValues<T, R>(map: ReadonlyMap<string, T>, to: (value: T) => R): Record<string, R> {
  return Object.fromEntries([...map].map(([key, value]) => [key, to(value)]));
}
