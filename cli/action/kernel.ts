import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { z } from "zod";
import type { Repository } from "../../components/article/source/git/repository.ts";
import { RegistryClient } from "../../components/image/registry/registry-client.ts";
import { readRegistries } from "../../components/image/registry/registry-config.ts";
import type { JsonObject } from "../../components/json.ts";
import { resolveImage } from "../../components/kernel/build/kernel-image.ts";
import { fromKernelJson } from "../../components/kernel/declaration/from-kernel-json/from-kernel-json.ts";
import { gatewayClient } from "../../components/kernel/gateway/gateway-client.ts";
import { isAdopted } from "../../components/kernel/registration.ts";
import { imageOf, readKernelspec } from "../../components/kernel/spec/file/kernelspec-patch.ts";
import { LecternError } from "../../components/problem/problem.ts";
import { systemClock } from "../../components/resource/context/clock.ts";
import { makeContext, type ProviderContext } from "../../components/resource/context/context.ts";
import { shareCommit } from "./git-view.ts";
import { type KernelInputs, modeRefused } from "./inputs/inputs.ts";
import { type Project, projectName } from "./project.ts";
import type { Result } from "./report/result.ts";

/** A kernel as its gateway has it, or as it shall be. */
interface KernelFacts {
  readonly displayName: string;
  readonly language: string;
  /** `repository@sha256:…`, where it is known. */
  readonly image: string;
}

/** A kernel as its gateway has it. */
interface ExistingKernel extends KernelFacts {
  /** Its kernel.json. */
  readonly spec: JsonObject;
}

const specSchema = z.object({
  display_name: z.string().default(""),
  language: z.string().default(""),
  env: z.record(z.string(), z.unknown()).default({}),
});

/**
 * What the gateway has under the kernel's name.
 * @throws {LecternError} where it has no address, or does not answer
 */
export async function existingKernel(inputs: KernelInputs): Promise<ExistingKernel | undefined> {
  const url = z.url().safeParse(inputs.gateway["url"]).data;
  if (url === undefined) {
    throw new LecternError({
      code: "wrong-input",
      severity: "error",
      path: "gateway.url",
      message: "the gateway's address is missing, and only the gateway tells which kernels exist",
      remedy: "Add `url`, such as https://gateway.example.org",
    });
  }
  const found = await gatewayClient({ name: "main", url }, contextOf(inputs)).kernelspec(inputs.name);
  if (!found) return undefined;
  const { display_name: displayName, language } = specSchema.parse(found.spec);
  return { displayName, language, image: imageOf(found.spec) ?? "", spec: found.spec };
}

/**
 * Holds `mode` against what the gateway has.
 * @returns what is there already, where that is what is wanted: nothing is left to do
 * @throws {LecternError} where it would create what exists otherwise, or update what does not exist
 */
export async function assertKernelMode(
  inputs: KernelInputs,
  existing: KernelFacts | undefined,
): Promise<KernelFacts | undefined> {
  const { mode, name } = inputs;
  if (!existing) {
    if (mode === "create") return undefined;
    throw modeRefused(`the gateway has no kernel ${name}`, "Set mode to create, or correct kernel-name");
  }
  const wanted = wantedKernel(inputs, existing);
  const image = await digestOf(inputs);
  const isSame =
    existing.displayName === wanted.displayName &&
    existing.language === wanted.language &&
    existing.image === image;
  if (isSame) return existing;
  if (mode === "update") return undefined;
  throw modeRefused(
    `the gateway has a kernel ${name} already, and it is not the same: it is ${JSON.stringify(existing.displayName)} on ${existing.image || "no image"}`,
    "Set mode to update to change it, or choose another kernel-name",
  );
}

/** An update that names no display name keeps the one that courses know. */
function wantedKernel({ displayName, language }: KernelInputs, existing: KernelFacts | undefined) {
  if (displayName !== "" || !existing) return { displayName, language };
  return { displayName: existing.displayName, language: existing.language || language };
}

function digestOf(inputs: KernelInputs): Promise<string> {
  const context = contextOf(inputs);
  const client = new RegistryClient(context, readRegistries(context.config));
  return resolveImage({ name: inputs.name, folder: inputs.name }, inputs.image, client);
}

function contextOf({ config, gatewayToken }: KernelInputs): ProviderContext {
  return makeContext({
    raw: (key) => (key === "gatewayToken" ? gatewayToken || undefined : config[`lectern:${key}`]),
    fetch,
    clock: systemClock,
    report: () => {},
    run: "action",
  });
}

/** Makes a project of the kernel. */
export async function prepareKernel(
  inputs: KernelInputs,
  existing: ExistingKernel | undefined,
  repository: Repository,
  folder: string,
): Promise<Project> {
  const catalog = join(folder, "catalog");
  const place = join(catalog, "kernels", inputs.name);
  mkdirSync(place, { recursive: true });
  const { displayName, language } = wantedKernel(inputs, existing);
  const kept = existing && inputs.mode === "update" ? keptOf(inputs.name, existing) : undefined;
  const declaration = { ...kept?.file, display_name: displayName, language, image: inputs.image };
  writeFileSync(join(place, "kernel.yaml"), stringify(declaration));
  // Its kernel.json names the repository that owns it.
  await shareCommit(repository, folder);
  // An update ends no kernel that runs.
  const gateway =
    inputs.mode === "update" ? { ...inputs.gateway, restart: { mode: "none" } } : inputs.gateway;
  return {
    folder,
    name: projectName(repository, "kernel", inputs.name),
    config: {
      ...(kept?.isForeign ? { "lectern:kernels": JSON.stringify({ [inputs.name]: { adopt: true } }) } : {}),
      ...inputs.config,
      "lectern:catalog": catalog,
      "lectern:gateways": JSON.stringify({ main: gateway }),
    },
    secrets: {
      ...(kept?.secrets ? { "lectern:kernelSecrets": JSON.stringify({ [inputs.name]: kept.secrets }) } : {}),
      ...(inputs.gatewayToken === "" ? {} : { "lectern:gatewayToken": inputs.gatewayToken }),
      ...(inputs.sshKey === "" ? {} : { "lectern:sshPrivateKey": inputs.sshKey }),
    },
  };
}

interface KeptKernel {
  readonly file: JsonObject;
  /** Variables that no file may have; undefined where there are none. */
  readonly secrets: Readonly<Record<string, unknown>> | undefined;
  /** Whether another tool has registered it: it is adopted then. */
  readonly isForeign: boolean;
}

/**
 * What an update keeps of a kernel, whoever registered it: everything but what the inputs name.
 * @throws {LecternError} with what kernel.yaml has no place for
 */
function keptOf(name: string, { spec }: ExistingKernel): KeptKernel {
  const text = JSON.stringify(spec);
  const registration = readKernelspec(Buffer.from(text))?.registration;
  const isForeign = registration === undefined;
  const { file, secrets } = fromKernelJson(text, `${name}/kernel.json`, isForeign || isAdopted(registration));
  const { env } = specSchema.parse(spec);
  const values = Object.fromEntries(secrets.map((variable) => [variable, env[variable]]));
  return { file, secrets: secrets.length === 0 ? undefined : values, isForeign };
}

const kernelOutputs = z.record(z.string(), z.object({ displayName: z.string(), image: z.string() }));

/** The kernel in the stack's outputs. */
export function deployedKernel(
  { name }: KernelInputs,
  outputs: Readonly<Record<string, unknown>>,
): Pick<KernelFacts, "displayName" | "image"> {
  const kernels = kernelOutputs.safeParse(outputs["kernels"]).data ?? {};
  return kernels[name] ?? { displayName: "", image: "" };
}

/** What students find. */
export function kernelResult(
  { name, gateway }: KernelInputs,
  { displayName, image }: Pick<KernelFacts, "displayName" | "image">,
): Result {
  return {
    what: "kernel",
    outputs: { "kernel-name": name, "kernel-display-name": displayName, "kernel-image": image },
    rows: [
      ["Kernel", name],
      ["Display name", displayName],
      ["Image", image],
      ["Gateway", String(gateway["url"] ?? "")],
    ],
  };
}
