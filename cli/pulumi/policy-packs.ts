import { join } from "node:path";

/** Lectern's own pack on a command line. */
const OWN = "lectern";

/** @returns the folders of the packs that a command line names */
export const policyPacks = (named: readonly string[] = []): string[] =>
  named.map((name) => (name === OWN ? join(import.meta.dirname, "../../policies") : name));
