import { findNodeAtLocation, type Node, type ParseError, parseTree } from "jsonc-parser";
import { LecternError } from "../../../problem/problem.ts";

const BACKENDS = ["process_proxy", "kernel_provisioner"] as const;

/**
 * The same kernel.json with another image: `image_name`'s value is replaced, and every other byte is
 * kept.
 * @throws {LecternError} where the bytes are no JSON, or name no image, or name it twice
 */
export function patchImage(kernelJson: Buffer, image: string): Buffer {
  const { text, nodes } = imageNodes(kernelJson);
  let patched = text;
  // From the end, so that the offsets before stay right.
  for (const node of nodes.toSorted((a, b) => b.offset - a.offset)) {
    patched =
      patched.slice(0, node.offset) + JSON.stringify(image) + patched.slice(node.offset + node.length);
  }
  return Buffer.from(patched, "utf8");
}

/** A kernel.json as the gateway reads it. */
export interface ReadKernelspec {
  readonly image?: string;
  readonly displayName?: string;
  /** The registration and the owner, `<project>/<stack>`, where Lectern wrote the file. */
  readonly registration?: string;
  readonly owner?: string;
  /** The owner's repository, where it was known. */
  readonly repository?: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

/** Reads a kernel.json; undefined where it is not a JSON object. */
export function readKernelspec(kernelJson: Buffer): ReadKernelspec | undefined {
  let spec: unknown;
  try {
    spec = JSON.parse(kernelJson.toString("utf8"));
  } catch {
    return undefined;
  }
  if (!isRecord(spec)) return undefined;
  return {
    spec,
    ...text("displayName", spec["display_name"]),
    ...text("image", imageOf(spec)),
    ...text("registration", at(spec, ["metadata", "lectern", "registration"])),
    ...text("owner", at(spec, ["metadata", "lectern", "owner"])),
    ...text("repository", at(spec, ["metadata", "lectern", "repository"])),
  };
}

/** The image that a kernelspec names, in whichever backend's configuration. */
export function imageOf(spec: unknown): string | undefined {
  const named = BACKENDS.map((backend) => at(spec, ["metadata", backend, "config", "image_name"]));
  const image = named.find((value) => value !== undefined);
  return typeof image === "string" ? image : undefined;
}

function imageNodes(kernelJson: Buffer): { text: string; nodes: Node[] } {
  let source: string;
  try {
    source = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(kernelJson);
  } catch {
    throw unpatchable("it is not UTF-8");
  }
  const errors: ParseError[] = [];
  const tree = parseTree(source, errors, { disallowComments: true, allowTrailingComma: false });
  if (!tree || errors.length > 0) throw unpatchable("it is not JSON");
  if (hasRepeatedKey(tree)) throw unpatchable("a key occurs in it twice");
  const nodes = BACKENDS.map((backend) =>
    findNodeAtLocation(tree, ["metadata", backend, "config", "image_name"]),
  ).filter((node) => node !== undefined);
  if (nodes.length === 0) throw unpatchable("it names no image");
  return { text: source, nodes };
}

/** Readers disagree on which of two equal keys counts. */
function hasRepeatedKey(node: Node): boolean {
  const children = node.children ?? [];
  const keys = node.type === "object" ? children.map((property) => property.children?.[0]?.value) : [];
  return new Set(keys).size < keys.length || children.some(hasRepeatedKey);
}

function unpatchable(why: string): LecternError {
  return new LecternError({
    code: "kernelspec-unreadable",
    severity: "error",
    message: `the image in kernel.json can't be replaced alone: ${why}`,
    remedy: "Run `pulumi refresh`, so that the next update writes the file as a whole",
  });
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);
}

function text<K extends string>(key: K, value: unknown): { [key in K]?: string } {
  return typeof value === "string" ? ({ [key]: value } as { [key in K]?: string }) : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
