import { gunzipSync } from "node:zlib";

/** No chart is larger, and a reader of archives has to stop somewhere. */
const LARGEST = 64 * 1024 * 1024;
const BLOCK = 512;

/**
 * The files of a chart's archive (`.tgz`), by their paths in the chart.
 * @throws {Error} where it is no archive, or larger than any chart
 */
export function filesOfArchive(archive: Uint8Array): ReadonlyMap<string, string> {
  const tar = gunzipSync(archive, { maxOutputLength: LARGEST });
  const files = new Map<string, string>();
  let longPath: string | undefined;
  for (let at = 0; at + BLOCK <= tar.length && tar[at] !== 0; ) {
    const header = tar.subarray(at, at + BLOCK);
    const size = Number.parseInt(textOf(header, 124, 12), 8) || 0;
    const content = tar.subarray(at + BLOCK, at + BLOCK + size);
    const kind = String.fromCharCode(header[156] ?? 0);
    if (kind === "x") longPath = pathIn(content.toString("utf8"));
    else if (kind === "L") longPath = textOf(content, 0, size);
    else {
      if (kind === "0" || kind === "\0")
        files.set(inChart(longPath ?? pathOf(header)), content.toString("utf8"));
      longPath = undefined;
    }
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return files;
}

/** A field of a header, which ends at its first zero. */
function textOf(bytes: Uint8Array, start: number, length: number): string {
  const field = Buffer.from(bytes.subarray(start, start + length));
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end < 0 ? length : end).trim();
}

function pathOf(header: Uint8Array): string {
  const prefix = textOf(header, 257, 5) === "ustar" ? textOf(header, 345, 155) : "";
  return `${prefix === "" ? "" : `${prefix}/`}${textOf(header, 0, 100)}`;
}

/** The path that an extended header has for the file after it. */
const pathIn = (records: string) => /(?:^|\n)\d+ path=(.*)\n/.exec(records)?.[1];

/** Without the folder of the chart, in which everything is. */
const inChart = (path: string) => path.replace(/^(\.\/)?[^/]+\//, "");
