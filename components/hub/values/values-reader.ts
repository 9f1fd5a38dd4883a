import { readFile } from "node:fs/promises";
import { type Digest, digestOf } from "../../digest.ts";
import { allOf } from "../../problem/all.ts";
import { LecternError } from "../../problem/problem.ts";
import { readValuesFile } from "./file/values-file.ts";
import type { ValuesLayer } from "./layers.ts";
import { SopsFiles } from "./secrets/sops.ts";

/** A file of values that `cluster.yaml` names, relative to the project. */
interface Named {
  readonly path: string;
}

/** Reads the files that the values of hubs are made of, each once for all hubs. */
export class ValuesReader {
  readonly #sops: SopsFiles;
  readonly #read = new Map<string, Promise<ReadFile>>();

  constructor(sops: SopsFiles = new SopsFiles()) {
    this.#sops = sops;
  }

  /** @throws {LecternError} with the problems of all files */
  async files(files: readonly Named[]): Promise<readonly ValuesLayer[]> {
    return (await this.#all(files)).map(({ layer }) => layer);
  }

  /** The digest of each file. @throws {LecternError} with the problems of all files */
  async digests(files: readonly Named[]): Promise<readonly Digest[]> {
    return (await this.#all(files)).map(({ digest }) => digest);
  }

  /** @throws {LecternError} with what is wrong with any, such as one that is not encrypted */
  secrets(files: readonly Named[]): Promise<readonly ValuesLayer[]> {
    return allOf(files.map(({ path }) => this.#sops.read(path, path)));
  }

  #all(files: readonly Named[]): Promise<readonly ReadFile[]> {
    return allOf(
      files.map(({ path }) => {
        const file = this.#read.get(path) ?? read(path);
        this.#read.set(path, file);
        return file;
      }),
    );
  }
}

interface ReadFile {
  readonly layer: ValuesLayer;
  readonly digest: Digest;
}

async function read(path: string): Promise<ReadFile> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new LecternError({
      code: "unreadable-file",
      severity: "error",
      file: path,
      message: `the file can't be read (${error.code})`,
      remedy: "Name a file that you may read",
    });
  });
  return { layer: readValuesFile(text, path), digest: digestOf(text) };
}
