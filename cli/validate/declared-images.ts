import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isObject } from "../../components/json.ts";
import type { KnownHubs } from "../../components/proof/lecture/lecture-file.ts";

/**
 * The images that clusters of a catalog declare, as far as their files can be read: what is wrong with these is reported
 * for the clusters.
 * @param catalog the folder that holds `courses/` and `clusters/`
 */
export async function declaredImages(catalog: string): Promise<KnownHubs> {
  const names = foldersIn(join(catalog, "clusters"));
  const { parse } = await import("yaml");
  const entries: string[] = [];
  const elsewhere: string[] = [];
  for (const name of names) {
    try {
      const images: unknown = parse(readFileSync(join(catalog, "clusters", name, "images.yaml"), "utf8"));
      if (isObject(images)) entries.push(...Object.keys(images).map((key) => `${name}/${key}`));
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) elsewhere.push(name);
    }
  }
  return { entries, elsewhere };
}

function foldersIn(folder: string): string[] {
  try {
    const found = readdirSync(folder, { withFileTypes: true });
    return found.filter((entry) => entry.isDirectory() && !/^[._]/.test(entry.name)).map(({ name }) => name);
  } catch {
    return [];
  }
}
