import { stat } from "node:fs/promises";
import type { DeployedMap } from "../../plan/map/map-file.ts";

/** A report that was read, or that a file is none. */
interface KnownReport {
  readonly stamp: string;
  readonly map: DeployedMap | undefined;
}

/** What was read of a file, by its name, and not again until its size or its time changes. */
export class ReportCache {
  readonly #known = new Map<string, KnownReport>();
  #whole: { readonly of: readonly (DeployedMap | undefined)[]; readonly map: DeployedMap } | undefined;

  /** @param read what a file that was not read as it is now has; what it throws is not kept */
  async report(file: string, read: () => Promise<DeployedMap | undefined>): Promise<DeployedMap | undefined> {
    const stamp = await stampOf(file);
    const known = this.#known.get(file);
    if (known && stamp !== undefined && known.stamp === stamp) return known.map;
    const map = await read();
    if (stamp === undefined) this.#known.delete(file);
    else this.#known.set(file, { stamp, map });
    return map;
  }

  /** What several reports make together, as long as they are the same ones. */
  merged(maps: readonly DeployedMap[], merge: (maps: readonly DeployedMap[]) => DeployedMap): DeployedMap {
    const known = this.#whole;
    if (known && known.of.length === maps.length && maps.every((one, index) => one === known.of[index])) {
      return known.map;
    }
    const map = merge(maps);
    this.#whole = { of: maps, map };
    return map;
  }
}

/** Also of the file that a link leads to. A file that is gone has none. */
async function stampOf(file: string): Promise<string | undefined> {
  const found = await stat(file, { bigint: true }).catch(() => undefined);
  return found && [found.dev, found.ino, found.mtimeNs, found.ctimeNs, found.size].join(" ");
}
