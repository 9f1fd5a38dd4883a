import { createHash } from "node:crypto";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { filesInZip } from "../../../../components/archive/zip-files.ts";
import { IndexRefused, type PythonIndex } from "./python-index.ts";
import type { Wheel } from "./wheels.ts";

const LIMITS = { largestFile: 16 * 2 ** 20, mostEntries: 50_000 };

/** Files of wheels, kept on this machine: each wheel is downloaded once, and checked each time that it is read. */
export class WheelCache {
  readonly #folder: string;
  readonly #index: PythonIndex;
  /** Downloads on their way. */
  readonly #wanted = new Map<string, Promise<Buffer>>();

  constructor(folder: string, index: PythonIndex) {
    this.#folder = folder;
    this.#index = index;
  }

  /**
   * Files of a wheel by their names in it.
   * @throws {IndexRefused} where it isn't kept and can't be downloaded, or its bytes are not what they should be
   */
  async files(wheel: Wheel, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const files = await filesInZip(await this.#bytes(wheel), names, LIMITS);
    const missing = names.find((name) => !files.has(name));
    if (missing !== undefined) throw new IndexRefused(`${wheel.file} has no ${missing}`);
    return files;
  }

  #bytes(wheel: Wheel): Promise<Buffer> {
    const wanted = this.#wanted.get(wheel.file) ?? this.#read(wheel);
    this.#wanted.set(wheel.file, wanted);
    const forget = () => void this.#wanted.delete(wheel.file);
    wanted.then(forget, forget);
    return wanted;
  }

  async #read(wheel: Wheel): Promise<Buffer> {
    const kept = await readFile(join(this.#folder, wheel.file)).catch(() => undefined);
    if (kept && sha256(kept) === wheel.sha256) return kept;
    const bytes = await this.#index.download(wheel);
    const found = sha256(bytes);
    if (found !== wheel.sha256)
      throw new IndexRefused(`${wheel.file} has the SHA-256 ${found}, not ${wheel.sha256}`);
    await this.#keep(wheel, bytes);
    return bytes;
  }

  /** A folder that can't be written only costs another download. */
  async #keep({ file }: Wheel, bytes: Buffer): Promise<void> {
    const path = join(this.#folder, file);
    const part = `${path}.${process.pid}.part`;
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(part, bytes);
      await rename(part, path);
    } catch {}
  }
}

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** Where wheels are kept: in the person's cache, as the XDG specification says. */
export const cacheFolder = (environment: NodeJS.ProcessEnv) =>
  join(environment["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "lectern", "wheels");
