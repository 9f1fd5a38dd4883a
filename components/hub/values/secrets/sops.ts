import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import pLimit from "p-limit";
import { isObject, type JsonObject } from "../../../json.ts";
import { jsonOf } from "../../../problem/json.ts";
import { LecternError, type Problem } from "../../../problem/problem.ts";
import { readValuesFile } from "../file/values-file.ts";
import type { ValuesLayer } from "../layers.ts";

/** Key services of clouds answer slowly, and not to very many questions at once. */
const PARALLEL = 4;
const TIMEOUT = 60_000;
const LARGEST = 16 * 1024 * 1024;

/**
 * Reads files that are encrypted with sops, each once, by the `sops` command, which finds the key itself. What
 * is decrypted is nowhere but in memory.
 */
export class SopsFiles {
  readonly #read = new Map<string, Promise<ValuesLayer>>();
  readonly #limit = pLimit(PARALLEL);
  readonly #command: string;

  /** @param command the program. @default `sops`, found on PATH */
  constructor(command = "sops") {
    this.#command = command;
  }

  /**
   * @param path the file
   * @param shown its name in messages, relative to the project
   * @throws {LecternError} where it is not encrypted, or can't be decrypted here
   */
  read(path: string, shown: string): Promise<ValuesLayer> {
    const read = this.#read.get(path) ?? this.#limit(() => this.#decrypt(path, shown));
    this.#read.set(path, read);
    return read;
  }

  async #decrypt(path: string, shown: string): Promise<ValuesLayer> {
    const encrypted = await readEncrypted(path, shown);
    const values = valuesIn(await this.#run(path, shown), shown);
    return { ...encrypted, values, secret: true };
  }

  #run(path: string, shown: string): Promise<string> {
    // What sops writes to its standard error may quote the file.
    const args = ["--decrypt", "--output-type", "json", resolve(path)];
    return new Promise((done, fail) => {
      execFile(this.#command, args, { maxBuffer: LARGEST, timeout: TIMEOUT }, (error, output) => {
        if (error === null) done(output);
        else fail(new LecternError(failed(shown, error.killed ? "ETIMEDOUT" : (error.code ?? ""))));
      });
    });
  }
}

/**
 * An encrypted file as it is: its keys, which are readable, and their places.
 * @throws {LecternError} where it is missing, no YAML or JSON, or not encrypted
 */
export async function readEncrypted(path: string, shown: string): Promise<ValuesLayer> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    const message = `the file can't be read (${error.code})`;
    throw new LecternError(fault(shown, "unreadable-file", message, "Name a file that you may read"));
  });
  const layer = readValuesFile(text, shown);
  if (isEncrypted(layer.values)) return layer;
  const message = "secrets have to be encrypted with sops, and this file has no metadata of it";
  const remedy = `Run \`sops encrypt --in-place ${shown}\`; where it was committed before, replace what it held`;
  throw new LecternError(fault(shown, "not-encrypted", message, remedy));
}

/** Whether a file's content has the metadata that sops keeps in what it encrypted. */
export const isEncrypted = ({ sops }: JsonObject) => isObject(sops) && ("mac" in sops || "version" in sops);

function valuesIn(output: string, shown: string): JsonObject {
  const values = jsonOf(output);
  if (isObject(values)) return values;
  const message = "what sops decrypted is no map of values";
  throw new LecternError(fault(shown, "wrong-type", message, "Encrypt a file of values"));
}

/** Exit codes of sops 3 (`cmd/sops/codes`). */
const NO_KEY = new Set<number | string>([128, 111]);
const CHANGED = new Set<number | string>([24, 25, 51, 52]);

function failed(file: string, code: number | string): Problem {
  if (code === "ENOENT")
    return fault(file, "missing-program", "sops is not on PATH, and decrypts this file", INSTALL);
  if (NO_KEY.has(code)) {
    const message = "none of the keys that decrypt this file is available here";
    return fault(
      file,
      "no-key",
      message,
      "Give sops a key that the file names, or have it encrypted for yours",
    );
  }
  if (CHANGED.has(code)) {
    const message = "the file was changed without sops, which refuses to decrypt it";
    return fault(file, "changed-secret", message, `Restore it, then change it by \`sops ${file}\``);
  }
  const message = `sops can't decrypt this file (${code})`;
  return fault(file, "sops-failed", message, `Run \`sops decrypt ${file}\` to see why`);
}

const INSTALL = "Install it: https://getsops.io/docs/#download";

const fault = (file: string, code: string, message: string, remedy: string): Problem => ({
  code,
  severity: "error",
  file,
  message,
  remedy,
});
