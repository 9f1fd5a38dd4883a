import { readFileSync } from "node:fs";
import type { Problem } from "../../problem/problem.ts";
import type { ArticleFile } from "./article-path.ts";

/** A Git LFS pointer is shorter than this, in bytes. */
const POINTER_LIMIT = 1024;

/** Why a file that should be an image shows nothing: it is empty, or only says where the image is kept. */
export function imageFault({
  absolute,
  relative,
  size,
}: ArticleFile): Pick<Problem, "code" | "message" | "remedy"> | undefined {
  if (size === 0) {
    return { code: "empty-image", message: `${relative} is empty`, remedy: "Export the image again" };
  }
  if (size > POINTER_LIMIT || !isPointer(absolute)) return undefined;
  return {
    code: "image-lfs-pointer",
    message: `${relative} is a Git LFS pointer, not the image`,
    remedy: "Run git lfs pull, or commit the image itself",
  };
}

function isPointer(path: string): boolean {
  return readFileSync(path).toString("latin1").startsWith("version https://git-lfs.github.com/");
}
