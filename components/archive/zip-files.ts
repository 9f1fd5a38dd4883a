import { fromBufferPromise, type ZipFile } from "yauzl";

/** How much of an archive is read. */
export interface ZipLimits {
  /** Bytes that each file may have, unpacked. */
  readonly largestFile: number;
  /** How many names are looked at. */
  readonly mostEntries: number;
}

/**
 * Files of a ZIP archive, by their exact names, in memory: nothing is unpacked, so that no other name, no link and no size
 * of an archive that somebody else has made leads anywhere.
 * @throws {Error} where it is no archive, or one of the files is too large
 */
export async function filesInZip(
  archive: Buffer,
  wanted: readonly string[],
  { largestFile, mostEntries }: ZipLimits,
): Promise<Map<string, string>> {
  const zip = await fromBufferPromise(archive);
  const texts = new Map<string, string>();
  let entries = 0;
  for await (const entry of zip.eachEntry()) {
    entries += 1;
    if (entries > mostEntries) break;
    const { fileName } = entry;
    if (wanted.includes(fileName) && !texts.has(fileName)) {
      texts.set(fileName, await textOf(zip, entry, largestFile));
    }
  }
  return texts;
}

async function textOf(
  zip: ZipFile,
  entry: Parameters<ZipFile["openReadStreamPromise"]>[0],
  largest: number,
): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of await zip.openReadStreamPromise(entry)) {
    length += piece.length;
    // What the archive says of the size is its maker's.
    if (length > largest) throw new Error(`${entry.fileName} is larger than ${largest / 2 ** 20} MiB`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString("utf8");
}
