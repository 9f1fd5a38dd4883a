import { posix } from "node:path";
import type { GatewayPlace } from "../kernelspec-contract.ts";

/** Where one kernel is on its gateway's hosts. */
export interface SpecPaths {
  readonly name: string;
  readonly specsFolder: string;
  readonly folder: string;
  readonly file: string;
  /** The kernel.json before the current one. */
  readonly previous: string;
  /** What was there before the last write: where that has to be undone, it is the previous one again. */
  readonly older: string;
  /**
   * Where folders are prepared and thrown away. Not below the specs folder: a gateway would list
   * what is in preparation, and one that caches kernelspecs stops watching when a folder is moved
   * within what it watches.
   */
  readonly staging: string;
  readonly scripts?: string | undefined;
}

/** Where a gateway's hosts keep the kernel of that name. */
export function specPaths(gateway: GatewayPlace, name: string): SpecPaths {
  const { specsFolder } = gateway;
  const folder = posix.join(specsFolder, name);
  const beside = posix.join(posix.dirname(specsFolder), `.lectern-${posix.basename(specsFolder)}`);
  return {
    name,
    specsFolder,
    folder,
    file: posix.join(folder, "kernel.json"),
    previous: posix.join(folder, "kernel.json.previous"),
    older: posix.join(folder, "kernel.json.older"),
    staging: gateway.stagingFolder ?? beside,
    scripts: gateway.scriptsFolder,
  };
}
