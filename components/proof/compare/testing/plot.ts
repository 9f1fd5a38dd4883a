import { PNG } from "pngjs";

/** A curve over the unit square. */
export type Plot = (x: number) => number;

/** How it is drawn. */
interface Drawing {
  readonly width?: number;
  readonly height?: number;
  readonly colour?: readonly [number, number, number];
  /** Steps of brightness that pixels differ by. */
  readonly noise?: number;
  /** Whether the ground is. */
  readonly transparent?: boolean;
}

/** A curve on a white ground, as a PNG file. */
export function plot(curve: Plot, drawing: Drawing = {}): Buffer {
  const { width = 400, height = 300, colour = [31, 119, 180], noise = 0, transparent = false } = drawing;
  const image = new PNG({ width, height });
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const isCurve = Math.abs(1 - y / height - curve(x / width)) < 0.03;
      const grain = ((x * 7 + y * 13) % (noise + 1)) * -1;
      const at = (y * width + x) * 4;
      for (const [channel, value] of colour.entries())
        image.data[at + channel] = isCurve ? value : transparent ? 0 : 255 + grain;
      image.data[at + 3] = isCurve || !transparent ? 255 : 0;
    }
  }
  return PNG.sync.write(image);
}
