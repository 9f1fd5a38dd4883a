import { isUtf8 } from "node:buffer";
import { readFile, realpath } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { LecternError } from "../../../components/problem/problem.ts";
import type { EditableFile } from "../../api/save.ts";
import { readValue } from "../edit/yaml/apply.ts";
import { Refused } from "../refused.ts";
import type { BaseTexts } from "./change/base-texts.ts";
import { isEditable } from "./change/editable.ts";

/**
 * A file of the catalog as it is on disk, for the page to change.
 * @param path from the catalog's folder
 * @throws {Refused} where it is none that the studio changes, or can't be read
 */
export async function readEditable(catalog: string, path: string, texts: BaseTexts): Promise<EditableFile> {
  if (!isEditable(path)) throw notEditable(path);
  const text = await textAt(catalog, path);
  if (text === undefined) return { path, base: null, value: null };
  try {
    return { path, base: texts.keep(text), value: readValue(text.replace(/^\uFEFF/, ""), path) };
  } catch (error) {
    if (error instanceof LecternError) throw new Refused(422, error.problems);
    throw error;
  }
}

/** The text of a file; undefined where there is none. @throws {Refused} where it is outside the catalog, or can't be read */
export async function textAt(catalog: string, path: string): Promise<string | undefined> {
  try {
    const [home, file] = await Promise.all([realpath(catalog), realpath(join(catalog, path))]);
    if (relative(home, file).split(sep)[0] === "..") throw notEditable(path);
    const bytes = await readFile(file);
    if (!isUtf8(bytes)) throw unreadable(path, "it is not UTF-8");
    return bytes.toString();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw code === undefined ? error : unreadable(path, String(code));
  }
}

export const notEditable = (path: string) =>
  new Refused(403, {
    code: "not-editable",
    file: path,
    message: "the studio does not change this file",
    remedy: "It changes profiles.yaml and images.yaml of a cluster; edit others in the repository",
  });

const unreadable = (path: string, reason: string) =>
  new Refused(422, {
    code: "unreadable-file",
    file: path,
    message: `the file can't be read (${reason})`,
    remedy: "Make it a text file that the studio may read",
  });
