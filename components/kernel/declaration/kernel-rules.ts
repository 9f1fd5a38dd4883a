import { parseReference } from "../../image/reference.ts";
import { LecternError } from "../../problem/problem.ts";
import { isProcess, LAUNCHERS, startsLanguage } from "../spec/file/launcher.ts";
import { type Broken, broken, childOf } from "./broken-rule.ts";
import { processProxyOf, resourceProblems } from "./resource-rules.ts";
import { looksSecret } from "./secret-name.ts";
import { variableProblems } from "./variable-rules.ts";

/**
 * The rules of `kernel.yaml` that concern several fields, or that no schema expresses. They look at the
 * file as it is, so that they apply also where the schema finds a problem.
 */
export function kernelFileProblems(value: unknown): Broken[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
  const file = value as Readonly<Record<string, unknown>>;
  return [
    ...sourceOfImage(file),
    ...imageReference(file),
    ...secrets(["env"], file["env"]),
    ...secrets(["metadata"], file["metadata"]),
    ...reservedMetadata(file["metadata"]),
    ...secrets(["build", "args"], childOf(file["build"], "args")),
    ...variableProblems(file),
    ...resourceProblems(file),
    ...["process_proxy", "provisioner"].flatMap((key) => backendConfig(key, childOf(file[key], "config"))),
    ...backendParts(file),
    ...users(file),
  ];
}

function sourceOfImage(file: Readonly<Record<string, unknown>>): Broken[] {
  const has = (key: string) => file[key] !== undefined && file[key] !== null;
  if (has("image") && has("build")) {
    const remedy = "Keep one: image where it is built elsewhere, build where Lectern builds it";
    return [broken(["image"], "image-and-build", "image and build exclude each other", remedy)];
  }
  if (file["backend"] === "qbraid") {
    if (has("build")) return [];
    const remedy = "Add build, with a context and a Dockerfile";
    return [broken(["image"], "no-build", "the kernel service of qBook builds the image itself", remedy)];
  }
  if (has("image") || has("build") || isProcess(processProxyOf(file))) return [];
  return [
    broken(
      [],
      "no-image",
      "the kernel has neither image nor build",
      "Add image, as repository:tag, or build",
    ),
  ];
}

function imageReference({ image }: Readonly<Record<string, unknown>>): Broken[] {
  if (typeof image !== "string" || image === "") return [];
  try {
    const { tag, digest } = parseReference(image);
    if (tag !== undefined || digest !== undefined) return [];
    const remedy = "Name a tag, or better a digest: repository@sha256:…";
    return [broken(["image"], "image-not-pinned", `${image} has neither tag nor digest`, remedy)];
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    return error.problems.map(({ code, message, remedy }) => broken(["image"], code, message, remedy));
  }
}

function secrets(path: readonly string[], settings: unknown): Broken[] {
  if (typeof settings !== "object" || settings === null) return [];
  return Object.entries(settings).flatMap(([name, value]) => {
    if (typeof value === "object" && value !== null) return secrets([...path, name], value);
    if (!looksSecret(name, value)) return [];
    return [
      broken(
        [...path, name],
        "secret-in-kernel",
        `${name} looks like a secret, and everyone can read this file and the kernel's settings`,
        "Remove it; pass it to kernels through the gateway's own environment or a secret store",
      ),
    ];
  });
}

const OVERRIDING_SETTINGS: Readonly<Record<string, string>> = {
  image_name: "Set image, or build where Lectern builds it",
  executor_image_name: "Remove it: executors start on the kernel's own image",
  authorized_users: "Name the users in the file's own authorized_users",
};

function backendConfig(backend: string, config: unknown): Broken[] {
  const path = [backend, "config"];
  const overriding = Object.entries(OVERRIDING_SETTINGS)
    .filter(([name]) => childOf(config, name) !== undefined)
    .map(([name, remedy]) => {
      const message = `${name} in config would override another setting of this file without a check`;
      return broken([...path, name], "overrides-kernel", message, remedy);
    });
  return [...overriding, ...secrets(path, config)];
}

/** What of kernel.json's metadata is not the author's. */
const RESERVED_METADATA: Readonly<Record<string, string>> = {
  process_proxy: "Use process_proxy of this file",
  kernel_provisioner: "Use provisioner of this file",
  lectern: "Remove it: Lectern notes there which stack the kernel belongs to",
};

function reservedMetadata(metadata: unknown): Broken[] {
  return Object.entries(RESERVED_METADATA)
    .filter(([name]) => childOf(metadata, name) !== undefined)
    .map(([name, remedy]) =>
      broken(["metadata", name], "overrides-kernel", `metadata.${name} is written by Lectern`, remedy),
    );
}

function backendParts(file: Readonly<Record<string, unknown>>): Broken[] {
  if (file["process_proxy"] && file["provisioner"]) {
    const remedy = "Keep process_proxy for Enterprise Gateway 3, provisioner for a Jupyter Server";
    const message = "process_proxy and provisioner exclude each other";
    return [broken(["provisioner"], "proxy-and-provisioner", message, remedy)];
  }
  return file["backend"] === "qbraid" ? unsentSettings(file) : languageOfLauncher(file);
}

/** Enterprise Gateway's launcher for hosts is in Python; the others leave the language to the image. */
function languageOfLauncher(file: Readonly<Record<string, unknown>>): Broken[] {
  const launcher = LAUNCHERS[processProxyOf(file) ?? ""];
  const { language } = file;
  if (!launcher || file["argv"] || typeof language !== "string" || startsLanguage(launcher, language))
    return [];
  const message = `the gateway's launcher for the class ${processProxyOf(file)} starts Python only, and the language is ${language}`;
  return [
    broken(["process_proxy", "class"], "no-launcher", message, "Set argv to a launcher for this language"),
  ];
}

/** What only a gateway takes, as the keys that lead to it, and what to do instead. */
const UNSENT: readonly (readonly [readonly string[], string])[] = [
  [["process_proxy"], "Remove it"],
  [["provisioner"], "Remove it"],
  [["gateway"], "Remove it"],
  [["authorized_users"], "Remove it: the service decides who may start a kernel"],
  [["argv"], "Remove it, and let the Dockerfile's CMD start the kernel"],
  [["env"], "Remove it, and set the variables with ENV in the Dockerfile"],
  [["build", "args"], "Remove it, and give the Dockerfile's ARGs these values as defaults"],
  [["resources", "cpu_limit"], "Remove it: of the settings for cores, the service only takes resources.cpu"],
  [["resources", "gpu"], "Remove it, or use a gateway for a kernel that needs a GPU"],
  [["interrupt_mode"], "Remove it"],
  [["metadata"], "Remove it"],
  [["smoke"], "Remove it: a new image can only be tried on a gateway"],
];

/** What would be ignored silently: the service is sent names, Dockerfile, files, CPU and memory. */
function unsentSettings(file: Readonly<Record<string, unknown>>): Broken[] {
  return UNSENT.filter(([keys]) => isSet(keys.reduce<unknown>(childOf, file))).map(([keys, remedy]) => {
    const message = `${keys.join(".")} is for a gateway: the backend qbraid ignores it`;
    return broken(keys, "not-for-qbraid", message, remedy);
  });
}

/** A kernel that root may start runs as root. */
function users(file: Readonly<Record<string, unknown>>): Broken[] {
  const list = file["authorized_users"];
  if (!Array.isArray(list) || !list.includes("root")) return [];
  const message = "root may start the kernel";
  return [broken(["authorized_users"], "root-authorized", message, "Name users that are not root")];
}

/** Whether a setting is given and not empty. */
function isSet(value: unknown): boolean {
  if (value === undefined || value === null) return false;
  return typeof value !== "object" || Object.keys(value).length > 0;
}
