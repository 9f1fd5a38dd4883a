import { z } from "zod";
import { LecternError, type Problem } from "../../../problem/problem.ts";
import { zodProblems } from "../../../problem/zod.ts";
import { proxyOfClass } from "../../spec/file/kernelspec-render.ts";
import type { PROXIES } from "../../spec/kernelspec-contract.ts";

const settings = z.record(z.string(), z.json());

/** A kernel.json of any origin, as Jupyter and Enterprise Gateway read it. */
const specSchema = z.strictObject({
  argv: z.array(z.string()).min(1),
  display_name: z.string().min(1),
  language: z.string().min(1),
  env: z.record(z.string(), z.string()).default({}),
  interrupt_mode: z.enum(["signal", "message"]).optional(),
  metadata: z
    .looseObject({
      process_proxy: z.strictObject({ class_name: z.string(), config: settings.default({}) }).optional(),
      kernel_provisioner: z
        .strictObject({ provisioner_name: z.string().min(1), config: settings.default({}) })
        .optional(),
    })
    .default({}),
});

type Spec = z.output<typeof specSchema>;

/** What starts a kernel. */
type Backend =
  | { readonly proxy: (typeof PROXIES)[number]; readonly config: Settings }
  | { readonly provisioner: string; readonly config: Settings };

type Settings = Readonly<Record<string, z.core.util.JSONType>>;

/** A kernel.json taken apart. */
export interface ReadSpec extends Pick<Spec, "argv" | "language" | "env" | "interrupt_mode"> {
  readonly displayName: string;
  readonly backend: Backend;
  /** As it is written; undefined where it names none. */
  readonly image?: string;
  readonly authorizedUsers: readonly string[];
  /** What is not of a backend, nor Lectern's own. */
  readonly metadata: Settings;
}

/**
 * Takes a kernel.json apart.
 * @param file for problems
 * @throws {LecternError} with everything that a kernel.yaml has no place for
 */
export function readSpec(text: string, file: string): ReadSpec {
  const parsed = specSchema.safeParse(jsonIn(text, file));
  if (!parsed.success) throw new LecternError(zodProblems(parsed.error, { file }).map(withWayOut));
  const { display_name: displayName, metadata, ...spec } = parsed.data;
  const { process_proxy: proxy, kernel_provisioner: provisioner, lectern: _, ...rest } = metadata;
  if (proxy && provisioner) {
    throw refused(
      file,
      "metadata",
      "it has both a process_proxy and a kernel_provisioner",
      "Remove the one that its gateway does not use",
    );
  }
  const config = (proxy ?? provisioner)?.config ?? {};
  const { image_name: image, authorized_users: users, ...others } = config;
  if (image !== undefined && typeof image !== "string") {
    throw refused(file, "image_name", "the name of its image is no text", "Correct it");
  }
  return {
    ...spec,
    displayName,
    backend: provisioner
      ? { provisioner: provisioner.provisioner_name, config: others }
      : { proxy: proxyOf(proxy?.class_name, file), config: others },
    ...(image === undefined || image === "" ? {} : { image }),
    authorizedUsers: usersIn(users, file),
    metadata: rest as Settings,
  };
}

/** Without a process proxy, Enterprise Gateway starts a kernel as a process of its own machine. */
function proxyOf(className: string | undefined, file: string): (typeof PROXIES)[number] {
  const proxy = className === undefined ? "local" : proxyOfClass(className);
  if (proxy !== undefined) return proxy;
  throw refused(
    file,
    "metadata.process_proxy.class_name",
    `kernel.yaml has no process proxy of the class ${className}`,
    "Leave the kernel out, and keep it as it is",
  );
}

/** As the gateway reads them: a text with commas; it reads none in an empty one. */
function usersIn(users: unknown, file: string): readonly string[] {
  if (users === undefined || users === "") return [];
  if (typeof users === "string") return users.split(",");
  throw refused(
    file,
    "authorized_users",
    "the users are no text with commas",
    "Write them as the gateway reads them",
  );
}

function jsonIn(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refused(file, "", "it is not JSON", "Correct it, or remove the folder");
  }
}

const withWayOut = (problem: Problem): Problem =>
  problem.code === "unknown-key"
    ? {
        ...problem,
        message: `${problem.message}, which kernel.yaml has no place for`,
        remedy: "Remove it from kernel.json, or leave the kernel out",
      }
    : { ...problem, remedy: `${problem.remedy}, or leave the kernel out` };

const refused = (file: string, path: string, message: string, remedy: string) =>
  new LecternError({
    code: "not-importable",
    severity: "error",
    file,
    ...(path === "" ? {} : { path }),
    message,
    remedy,
  });
