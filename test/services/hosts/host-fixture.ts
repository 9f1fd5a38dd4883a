import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import type { Transport } from "../../../components/kernel/hosts/transport/transport.ts";

/** A host that is this machine, so that a test can look behind it, and a folder on it. */
export interface HostFixture {
  readonly host: Transport;
  readonly folder: string;
  /** A new folder, as a function that gives paths in it. */
  fresh(name: string): (...names: string[]) => string;
}

/** Opens the host before the tests of a suite, and closes it after them. */
export function hostFixture(open: () => Transport): () => HostFixture {
  let fixture: HostFixture;
  beforeAll(() => {
    const folder = mkdtempSync(join(tmpdir(), "lectern-transport-"));
    const fresh = (name: string) => {
      const path = mkdtempSync(join(folder, `${name}-`));
      return (...names: string[]) => join(path, ...names);
    };
    fixture = { host: open(), folder, fresh };
  });
  afterAll(async () => {
    await fixture?.host.close();
    if (fixture) rmSync(fixture.folder, { recursive: true, force: true });
  });
  return () => fixture;
}
