import fc from "fast-check";
import { expect, it } from "vitest";
import { chapter, course, section } from "../testing/articles.ts";
import { keysAt } from "./course-keys.ts";
import { certificateSchema, courseSchema } from "./course-schema.ts";
import { isCertificate, isCourse } from "./course-shape.ts";

const OTHERS = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  "",
  " ",
  "x",
  "points",
  "quera.com",
  [],
  ["x"],
  [1],
  {},
  { x: 1 },
];

/** A value with one part of it left out, replaced or repeated elsewhere, at every depth. */
function variants(value: unknown): unknown[] {
  if (typeof value !== "object" || value === null) return [...OTHERS];
  const rebuilt = (entries: [string, unknown][]) =>
    Array.isArray(value) ? entries.map(([, part]) => part) : Object.fromEntries(entries);
  const entries = Object.entries(value);
  const inner = entries.flatMap(([key, part], index) => [
    rebuilt(entries.toSpliced(index, 1)),
    ...variants(part).map((variant) => rebuilt(entries.with(index, [key, variant]))),
  ]);
  return [...OTHERS, rebuilt([...entries, ["extra", 1]]), rebuilt([...entries, ["filePath", ""]]), ...inner];
}

const certificate = { enabled: true, criteria: { type: "completion", value: 80 } };
const whole = course({
  certificateSettings: certificate,
  content: [chapter({ sections: [section(), section({ filePath: undefined })] }), chapter()],
});

it("a value has the shape of a course.json exactly where the schema accepts it", () => {
  const all = [whole, course(), course({ content: [] }), ...variants(whole)];
  const differing = all.filter((value) => isCourse(value) !== courseSchema.safeParse(value).success);
  expect(differing).toEqual([]);
  expect(all.filter((value) => isCourse(value)).length).toBeGreaterThan(20);
  expect(all.filter((value) => !isCourse(value)).length).toBeGreaterThan(200);
});

it("so has a value with two faults, and certificateSettings", () => {
  const certificates = [certificate, ...variants(certificate)];
  for (const value of certificates)
    expect(isCertificate(value)).toBe(certificateSchema.safeParse(value).success);
  fc.assert(
    fc.property(fc.constantFrom(...variants(whole)), fc.nat(), (one, at) => {
      const two = variants(one);
      const value = two[at % two.length];
      expect(isCourse(value)).toBe(courseSchema.safeParse(value).success);
    }),
  );
});

it("the keys of each object are those of the schema", () => {
  const { imageLink, certificateSettings, content } = courseSchema.shape;
  const { element: chapterSchema } = content;
  const sections = chapterSchema.shape.sections.unwrap().element;
  const certificate = certificateSettings.unwrap();
  const schemas = [
    [[], courseSchema],
    [["imageLink"], imageLink],
    [["certificateSettings"], certificate],
    [["certificateSettings", "criteria"], certificate.shape.criteria],
    [["content", 3], chapterSchema],
    [["content", 3, "sections", 1], sections],
  ] as const;
  for (const [path, { shape }] of schemas)
    expect([...keysAt(path)].sort()).toEqual(Object.keys(shape).sort());
});
