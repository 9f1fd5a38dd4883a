import { PNG } from "pngjs";
import { expect, it } from "vitest";
import { hashDistance, imageHash } from "./image-hash.ts";
import { type Plot, plot } from "./testing/plot.ts";

const sine: Plot = (x) => Math.sin(x * 6) / 2 + 0.5;
const falling: Plot = (x) => 1 - x;

function distance(one: Buffer, other: Buffer): number {
  const [a, b] = [imageHash(one), imageHash(other)];
  if (!a || !b) throw new Error("both are PNG images");
  return hashDistance(a, b);
}

it("is the same for the same image, and another for another curve", () => {
  expect(distance(plot(sine), plot(sine))).toBe(0);
  expect(distance(plot(sine), plot(falling))).toBeGreaterThan(0.1);
});

it("hardly changes with the resolution, the colours of a curve, and a little noise", () => {
  expect(distance(plot(sine), plot(sine, { width: 800, height: 600 }))).toBeLessThan(0.1);
  expect(distance(plot(sine), plot(sine, { colour: [20, 40, 60] }))).toBeLessThan(0.1);
  expect(distance(plot(sine), plot(sine, { noise: 2 }))).toBeLessThan(0.1);
});

it("takes a transparent ground for white, as pages show it", () => {
  expect(distance(plot(sine), plot(sine, { transparent: true }))).toBe(0);
});

it("is that of the smallest images too", () => {
  expect(imageHash(PNG.sync.write(new PNG({ width: 1, height: 1 })))).toHaveLength(256);
});

it("has none of what is no PNG, of one that is cut off, and of an immense one", () => {
  const png = plot(sine);
  expect(imageHash(Buffer.from("GIF89a"))).toBeUndefined();
  expect(imageHash(Buffer.alloc(0))).toBeUndefined();
  expect(imageHash(png.subarray(0, png.length / 2))).toBeUndefined();
  const immense = Buffer.from(png);
  immense.writeUInt32BE(100_000, 16);
  immense.writeUInt32BE(100_000, 20);
  expect(imageHash(immense)).toBeUndefined();
});
