import { PNG } from "pngjs";

/** Pixels of an image: 16 megapixels take 64 MB while they are read. */
const MOST_PIXELS = 16_000_000;
/** Bytes of a PNG file. */
const LARGEST = 16 * 2 ** 20;
/** The hash's columns and rows: a bit for each. */
const SIZE = 16;
/** Steps of brightness, of 255, that don't count: what smoothing and rounding make. */
const NOISE = 2;

/**
 * A perceptual hash of a PNG image: it is brought to 17 × 16 grey fields, and each bit says whether a field is
 * brighter than the one to its right (dHash, https://www.hackerfactor.com/blog/?/archives/529-Kind-of-Like-That.html).
 * Size, resolution and smoothing hardly change it. Undefined where the bytes are no PNG, or an immense one.
 */
export function imageHash(bytes: Buffer): readonly boolean[] | undefined {
  const image = decode(bytes);
  if (image === undefined) return undefined;
  const grey = fields(image, SIZE + 1, SIZE);
  return Array.from({ length: SIZE * SIZE }, (_, index) => {
    const at = Math.floor(index / SIZE) * (SIZE + 1) + (index % SIZE);
    return (grey[at] ?? 0) - (grey[at + 1] ?? 0) > NOISE;
  });
}

/** The share of bits in which two hashes differ, from 0 to 1. */
export function hashDistance(a: readonly boolean[], b: readonly boolean[]): number {
  return a.filter((bit, index) => bit !== b[index]).length / (SIZE * SIZE);
}

interface Image {
  readonly width: number;
  readonly height: number;
  /** Red, green, blue, alpha. */
  readonly data: Uint8Array;
}

function decode(bytes: Buffer): Image | undefined {
  // The header says the size, and the decoder trusts it.
  if (bytes.length < 33 || bytes.length > LARGEST) return undefined;
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  if (width === 0 || height === 0 || width * height > MOST_PIXELS) return undefined;
  try {
    return PNG.sync.read(bytes);
  } catch {
    return undefined;
  }
}

/** Mean brightness of each field of a grid, on a white ground. */
function fields({ width, height, data }: Image, columns: number, rows: number): number[] {
  return Array.from({ length: columns * rows }, (_, index) => {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    const [left, right] = edges(column, columns, width);
    const [top, bottom] = edges(row, rows, height);
    let sum = 0;
    for (let y = top; y < bottom; y += 1)
      for (let x = left; x < right; x += 1) sum += brightness(data, (y * width + x) * 4);
    return sum / ((right - left) * (bottom - top));
  });
}

/** The pixels of a field: at least one, where an image has fewer than there are fields. */
function edges(field: number, fields: number, pixels: number): [number, number] {
  const from = Math.min(Math.floor((field * pixels) / fields), pixels - 1);
  return [from, Math.max(Math.floor(((field + 1) * pixels) / fields), from + 1)];
}

function brightness(data: Uint8Array, at: number): number {
  const red = data[at] ?? 0;
  const green = data[at + 1] ?? 0;
  const blue = data[at + 2] ?? 0;
  return 255 - (255 - (0.299 * red + 0.587 * green + 0.114 * blue)) * ((data[at + 3] ?? 0) / 255);
}
