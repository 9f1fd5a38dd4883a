import { isDeepStrictEqual } from "node:util";
import type { JsonObject } from "../../../json.ts";
import { LecternError, type Problem } from "../../../problem/problem.ts";
import { zodProblems } from "../../../problem/zod.ts";
import { meaningOf, withTag } from "../../spec/file/kernelspec-meaning.ts";
import { launcherOf, renderKernelspec } from "../../spec/file/kernelspec-render.ts";
import { bodyOf } from "../kernel-file.ts";
import { kernelFileProblems } from "../kernel-rules.ts";
import { type KernelFile, kernelFileSchema } from "../kernel-schema.ts";
import { isSecretValue, looksSecret } from "../secret-name.ts";
import { type ReadSpec, readSpec } from "./read-spec.ts";

/** A kernel.json as kernel.yaml says it. */
export interface DeclaredKernel {
  /** The content of kernel.yaml. */
  readonly file: JsonObject;
  /** The variables that look like secrets, which the file does not have. */
  readonly secrets: readonly string[];
}

/**
 * Says a kernel.json of any origin as a kernel.yaml from which Lectern writes one of the same meaning. An image that is named
 * by a tag is named so there, too: what is written then has its digest.
 * @param place the kernel.json, for problems
 * @param hasOwnScripts whether the kernel's folder has launch scripts that are not the gateway's, which have to stay
 * @throws {LecternError} with what kernel.yaml can't say
 */
export function fromKernelJson(text: string, place: string, hasOwnScripts = false): DeclaredKernel {
  const spec = readSpec(text, place);
  const secrets = Object.entries(spec.env).flatMap(([name, value]) =>
    looksSecret(name, value) ? [name] : [],
  );
  const open = { ...spec, env: without(spec.env, secrets) };
  const secret = without(spec.env, Object.keys(open.env));
  const forms = [withResources(open), fileOf(open), { ...fileOf(open), argv: spec.argv }];
  let problems: readonly Problem[] = [];
  for (const form of forms) {
    if (form === undefined) continue;
    const file = withoutEmpty(form);
    const parsed = kernelFileSchema.safeParse(file);
    const wrong = parsed.success ? [] : zodProblems(parsed.error, { file: place });
    problems = [...wrong, ...ruleProblems(file, spec, place)];
    if (problems.length === 0 && parsed.success && isFaithful(parsed.data, secret, text, hasOwnScripts)) {
      return { file, secrets };
    }
  }
  // The last form can say the most, so its problems count.
  throw new LecternError(problems.length > 0 ? problems : unfaithful(place));
}

/** Everything but argv, which most backends have by themselves. */
function fileOf({ backend, image, authorizedUsers, ...spec }: ReadSpec): JsonObject {
  return {
    display_name: spec.displayName,
    language: spec.language,
    image: image === undefined ? undefined : withTag(image),
    ...("provisioner" in backend
      ? { provisioner: { name: backend.provisioner, config: backend.config } }
      : { process_proxy: { class: backend.proxy, config: backend.config } }),
    authorized_users: authorizedUsers,
    env: spec.env,
    interrupt_mode: spec.interrupt_mode,
    metadata: metadataOf(spec),
  };
}

/** Lectern offers the debugger for Python unless the file says otherwise. */
function metadataOf({ language, metadata }: Pick<ReadSpec, "language" | "metadata">): JsonObject {
  if (language !== "python") return metadata;
  const { debugger: debugs = false, ...rest } = metadata;
  return debugs === true ? rest : { debugger: debugs, ...rest };
}

/** The variables that `resources` stands for. */
const RESOURCES: Readonly<Record<string, string>> = {
  cpu: "KERNEL_CPUS",
  cpu_limit: "KERNEL_CPUS_LIMIT",
  memory: "KERNEL_MEMORY",
  memory_limit: "KERNEL_MEMORY_LIMIT",
  gpu: "KERNEL_GPUS",
};

/** Undefined where it has no variables of resources. */
function withResources(spec: ReadSpec): JsonObject | undefined {
  const given = Object.entries(RESOURCES).flatMap(([key, name]) => {
    const value = spec.env[name];
    return value === undefined ? [] : [[key, key.startsWith("memory") ? value : Number(value)] as const];
  });
  if (given.length === 0) return undefined;
  const env = without(spec.env, [...Object.values(RESOURCES), "KERNEL_GPUS_LIMIT"]);
  return { ...fileOf({ ...spec, env }), resources: Object.fromEntries(given) };
}

function ruleProblems(file: JsonObject, { argv }: ReadSpec, place: string): Problem[] {
  const found = kernelFileProblems(file).map(({ keys: _, ...problem }) => ({
    severity: "error" as const,
    file: place,
    ...problem,
  }));
  return argv.some(isSecretValue) ? [...found, secretArgument(place)] : found;
}

/** Whether what Lectern would write has the same meaning, and the folder's own scripts stay. */
function isFaithful(
  file: KernelFile,
  secrets: Readonly<Record<string, string>>,
  text: string,
  hasOwnScripts: boolean,
): boolean {
  const body = bodyOf(file);
  if (hasOwnScripts && launcherOf(body) !== undefined) return false;
  const before: JsonObject = JSON.parse(text);
  const { display_name: displayName, language, image = "" } = file;
  const whole = { ...body, env: { ...body.env, ...secrets } };
  const after: JsonObject = JSON.parse(renderKernelspec({ displayName, language, image, body: whole }, ""));
  return isDeepStrictEqual(meaningOf(after), meaningOf(before));
}

const without = <T>(record: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => !names.includes(name)));

/** A file without what says nothing. */
function withoutEmpty(file: JsonObject): JsonObject {
  const entries = Object.entries(file).map(
    ([key, value]) =>
      [
        key,
        key === "process_proxy" || key === "provisioner" ? withoutEmpty(value as JsonObject) : value,
      ] as const,
  );
  return Object.fromEntries(entries.filter(([, value]) => !isEmpty(value)));
}

const isEmpty = (value: unknown) =>
  value === undefined || (typeof value === "object" && value !== null && Object.keys(value).length === 0);

const unfaithful = (file: string): Problem => ({
  code: "not-importable",
  severity: "error",
  file,
  message: "kernel.yaml can't say all of it: what Lectern would write has another meaning",
  remedy: "Write the kernel.yaml by hand, or leave the kernel out",
});

const secretArgument = (file: string): Problem => ({
  code: "secret-in-kernel",
  severity: "error",
  file,
  path: "argv",
  message: "a word of argv looks like a secret",
  remedy: "Let the command take it from a variable, or leave the kernel out",
});
