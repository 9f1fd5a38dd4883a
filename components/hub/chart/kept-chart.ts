import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, posix } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import { LecternError } from "../../problem/problem.ts";
import { chartFolder } from "./chart-source.ts";
import { linkedFolders, readChartYaml, usedChartYaml } from "./chart-yaml.ts";
import { chartFiles, readLocalChart } from "./local-chart.ts";

/** Where kept charts are written to, relative to the project. Their paths name their content. */
const CHARTS = join(".lectern", "charts");

/** Each file's path, beside the chart's own folder, and its content in base64. */
const packedFiles = z.record(z.string().regex(/^(?!\.\.?(\/|$))(?!.*\/\.\.?(\/|$))[^/]/), z.base64());

/**
 * The files of a chart of the catalog, and of those that it takes from other folders, as one text.
 * @returns undefined where it takes one from elsewhere than beside it
 */
export async function packChart(folder: string): Promise<string | undefined> {
  const files = new Map<string, string>();
  const isWhole = await collect(folder, basename(folder), files);
  if (!isWhole) return undefined;
  return gzipSync(JSON.stringify(Object.fromEntries(files)), { level: 9 }).toString("base64");
}

/** @param place its path beside the chart's own folder */
async function collect(folder: string, place: string, files: Map<string, string>): Promise<boolean> {
  if (place.startsWith("..")) return false;
  const manifest = posix.join(place, "Chart.yaml");
  if (files.has(manifest)) return true;
  for (const path of await chartFiles(folder))
    files.set(posix.join(place, path), (await readFile(join(folder, path))).toString("base64"));
  const linked = linkedFolders(await readChartYaml(chartFolder(folder, folder), usedChartYaml));
  const all = await Promise.all(
    linked.map((path) => collect(join(folder, path), posix.join(place, path), files)),
  );
  return all.every(Boolean);
}

/**
 * Writes a packed chart to a folder of its own, which is the same for the same chart on every machine.
 * @param name of the chart's folder
 * @param digest what the chart was deployed with
 * @param charts the folder of such folders
 * @returns its folder, relative to the project; undefined where what is packed is not that chart
 */
export async function unpackChart(
  packed: string,
  name: string,
  digest: string,
  charts = CHARTS,
): Promise<string | undefined> {
  const root = join(charts, digest.replace(/^\w+:/, "").slice(0, 16));
  const folder = join(root, name);
  if ((await digestAt(folder)) === digest) return folder;
  const files = filesIn(packed);
  if (files === undefined) return undefined;
  const partial = `${root}.${process.pid}`;
  for (const [path, content] of Object.entries(files)) {
    const file = join(partial, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, Buffer.from(content, "base64"));
  }
  if ((await digestAt(join(partial, name))) === digest) {
    await rm(root, { recursive: true, force: true });
    // Another stack's run may have written the very same.
    await rename(partial, root).catch(() => {});
  }
  await rm(partial, { recursive: true, force: true });
  return (await digestAt(folder)) === digest ? folder : undefined;
}

function filesIn(packed: string) {
  try {
    return packedFiles.safeParse(JSON.parse(gunzipSync(Buffer.from(packed, "base64")).toString("utf8"))).data;
  } catch {
    return undefined;
  }
}

async function digestAt(folder: string): Promise<string | undefined> {
  try {
    return (await readLocalChart(folder)).digest;
  } catch (error) {
    if (error instanceof LecternError) return undefined;
    throw error;
  }
}
