import { mkdirSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JsonReport } from "./command.ts";
import { openWorkplace, type Workplace } from "./workplace.ts";

let place: Workplace;
beforeEach(async () => {
  place = await openWorkplace();
  place.repository.addCourse("bell");
  place.repository.addCourse("dice", { text: "Two dice." });
  place.repository.commit();
  expect((await place.json("up")).code).toBe(0);
});
afterEach(() => place.close());

const text = (report: JsonReport) => JSON.stringify(report).replaceAll("\\", "");
const move = (from: string, to: string) => {
  const { catalog } = place.repository;
  mkdirSync(dirname(join(catalog, to)), { recursive: true });
  renameSync(join(catalog, from), join(catalog, to));
  place.repository.commit();
};
const answers = (given: object) => ["--config", `articles=${JSON.stringify(given)}`];
const bell = () => place.api.articles().find(({ title }) => title === "About bell")?.customId;

/** Deploys without the course. */
async function forget() {
  place.repository.drop("courses/bell");
  place.repository.commit();
  const plan = await place.json("preview");
  expect(text(plan)).toContain(`course/bell: "About bell" left the catalog and stays on qBook (${bell()}, `);
  const { code, outputs } = await place.json("up");
  expect(code).toBe(0);
  expect(outputs["forgotten"]).toMatchObject({ "course/bell": { customId: bell(), title: "About bell" } });
}

/** The preview asks, a deployment asks too, and neither sends anything. */
async function expectAsked(id: string, offer: string) {
  place.writes();
  const count = place.api.articles().length;
  for (const command of ["preview", "up", "up"]) {
    const asked = await place.json(command);
    expect(asked.code).toBe(1);
    expect(text(asked)).toContain(`lectern:articles["${id}"]: `);
    expect(text(asked)).toContain(offer);
  }
  expect(place.writes()).toEqual([]);
  expect(place.api.articles()).toHaveLength(count);
}

describe("an article that left the catalog", () => {
  it("is remembered, and adopted where its folder is restored", async () => {
    await forget();
    expect((await place.json("up")).outputs["forgotten"]).toHaveProperty(["course/bell"]);
    place.repository.addCourse("bell", { text: "Revised." });
    place.repository.commit();
    const id = bell();
    await expectAsked("course/bell", `set lectern:articles to {"course/bell":{"customId":"${id}"}}`);
    const adopted = await place.json("up", ...answers({ "course/bell": { customId: id } }));
    expect(adopted.code, text(adopted)).toBe(0);
    expect(place.writes()).toEqual([`PUT /learn/articles/course/${id}`]);
    expect(adopted.outputs["forgotten"]).toEqual({});
    expect(place.api.articles()).toHaveLength(2);
    const calm = await place.json("up");
    expect([calm.code, calm.outputs["forgotten"]]).toEqual([0, undefined]);
    expect(place.writes()).toEqual([]);
  });

  it("is recognised in the same deployment where its folder is renamed", async () => {
    const id = bell();
    move("courses/bell", "courses/bell-states");
    await expectAsked(
      "course/bell-states",
      `it looks like course/bell, "About bell", which left the catalog and is still on qBook (${id}, `,
    );
    const answer = answers({ "course/bell-states": { customId: id } });
    const adopted = await place.json("up", ...answer);
    expect(adopted.code, text(adopted)).toBe(0);
    expect(place.writes()).toEqual([`PUT /learn/articles/course/${id}`]);
    expect(adopted.outputs["forgotten"]).toEqual({});
    expect(adopted.outputs["articles"]).toHaveProperty(["course/bell-states", "customId"], id);
    expect(text(adopted)).toContain("course/bell: it is course/bell-states now");
    expect((await place.json("up", ...answer)).code).toBe(0);
  });

  it("is not deployed a second time as a blog, unless a person wants that", async () => {
    move("courses/bell", "blogs/bell");
    await expectAsked("blog/bell", "qBook can't turn a course into a blog");
    const both = await place.json("up", ...answers({ "blog/bell": { confirmAbsent: true } }));
    expect(both.code, text(both)).toBe(0);
    const kinds = place.api.articles().map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(["blog", "course", "course"]);
    expect(both.outputs["forgotten"]).toHaveProperty(["course/bell"]);
  });

  it("is no question where its folder is only copied", async () => {
    place.repository.addCourse("bell-again", { title: "About bell" });
    place.repository.commit();
    expect((await place.json("up")).code).toBe(0);
  });
});
