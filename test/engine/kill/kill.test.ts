import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeRepository, notebook } from "../../sandbox/repository.ts";
import { requireService } from "../../services/require.ts";
import { findPulumi } from "../programs.ts";
import {
  kindsOf as allKindsOf,
  killAndRecover,
  LIMIT,
  named,
  RESTART,
  type Undisturbed,
  undisturbed,
} from "./kill-and-recover.ts";
import type { KillPoint } from "./kill-gate.ts";
import { KillPlace } from "./kill-place.ts";

// The real engine is killed with its plugins at each kind of call to qBook and of step on a gateway's host,
// and the deployment is run again. Calls to other services are in kill-services.test.ts.

const STATUS = "GET /learn/articles/files/status/<id>";
const POST = "POST /learn/articles/course/ingest";
const PUT = "PUT /learn/articles/course/<id>";

/** Where a first deployment is killed: of what it does several times, where another moment differs. */
const CREATING: readonly KillPoint[] = [
  // Before anything is touched, the host is looked at.
  { kind: "host run test", number: 1 },
  { kind: "host lock", number: 1 },
  { kind: "host list", number: 1 },
  { kind: "host makeFolder", number: 1 },
  { kind: "host writeAtomically", number: 1 },
  { kind: "host makeFolder", number: 2 },
  // The kernel's trial comes, goes, and leaves its place to the kernel.
  { kind: "host rename", number: 1 },
  { kind: "host rename", number: 2 },
  { kind: "host remove", number: 1 },
  { kind: "host rename", number: 3 },
  { kind: "GET /users/verify", number: 1 },
  { kind: `before ${POST}`, number: 1 },
  { kind: POST, number: 1 },
  { kind: STATUS, number: 1 },
];

/** Of several reads in a row one is killed at, since each of them leaves the host as it was. */
const OTHER_READS = ["host run ls", "host run df", "host run true", "host read"];

/** What is like a first deployment's is not killed at again. */
const UPDATING: readonly KillPoint[] = [
  { kind: "host writeAtomically", number: 1 },
  { kind: `before ${PUT}`, number: 1 },
  { kind: PUT, number: 1 },
  { kind: STATUS, number: 1 },
];

const REMOVING: readonly KillPoint[] = [
  { kind: "host makeFolder", number: 1 },
  { kind: "host rename", number: 1 },
  { kind: "host remove", number: 1 },
];

const kindsOf = (points: readonly KillPoint[]) =>
  allKindsOf(points).filter((kind) => !/^(before )?(gateway|registry) /.test(kind));

requireService("the real Pulumi", findPulumi, (cli) => {
  const repository = makeRepository();
  let place: KillPlace;
  beforeAll(async () => {
    declare("2025.2");
    repository.addCourse("bell", { kernelId: "Sums" });
    repository.commit();
    place = await KillPlace.open(cli, repository);
    place.save("empty");
  });
  afterAll(async () => {
    await place.close();
    repository.remove();
  });

  function declare(tag: string, name = "sums", displayName = "Sums"): void {
    const kernel = { display_name: displayName, language: "python", image: `lectern/python-science:${tag}` };
    repository.write(`kernels/${name}/kernel.yaml`, kernel);
  }

  describe("a first deployment killed and run again ends in the same place", () => {
    let calm: Undisturbed;
    beforeAll(async () => {
      calm = await undisturbed(place);
      place.save("deployed");
    });

    it.each(named(CREATING))("at $at", { timeout: LIMIT }, async ({ point }) => {
      // From when the article may have been sent until its id is saved, nobody but a person knows.
      const asked = point.kind.endsWith(POST) || point.kind === STATUS;
      const recovered = await killAndRecover(place, point, "empty");
      expect(recovered).toEqual({ end: calm.end, restarts: 1, asked });
    });

    it("at the gateway's restart, which is not done twice", { timeout: LIMIT }, async () => {
      const recovered = await killAndRecover(place, RESTART, "empty");
      expect(recovered).toEqual({ end: calm.end, restarts: 1, asked: false });
    });

    it("does nothing that these tests do not know", () => {
      expect(kindsOf(calm.points)).toEqual([...kindsOf([...CREATING, RESTART]), ...OTHER_READS].sort());
    });
  });

  describe("an update of a course and of a kernel killed and run again ends in the same place", () => {
    let calm: Undisturbed;
    beforeAll(async () => {
      await place.restore("deployed");
      declare("2026.1");
      repository.write("courses/bell/1.ipynb", notebook("# Rewritten"));
      calm = await undisturbed(place);
    });

    it.each(named(UPDATING))("at $at", { timeout: LIMIT }, async ({ point }) => {
      const recovered = await killAndRecover(place, point, "deployed");
      expect(recovered).toEqual({ end: calm.end, restarts: 0, asked: false });
    });

    it("does nothing that these tests do not know", () => {
      const known = [...kindsOf([...CREATING, ...UPDATING]), ...OTHER_READS];
      expect(known).toEqual(expect.arrayContaining(kindsOf(calm.points)));
    });
  });

  describe("the removal of a course and of its kernel killed and run again ends in the same place", () => {
    let calm: Undisturbed;
    beforeAll(async () => {
      await place.restore("deployed");
      declare("2025.2");
      declare("2025.2", "rest", "The rest");
      await undisturbed(place);
      place.save("two kernels");
      repository.drop("courses/bell");
      repository.drop("kernels/sums");
      calm = await undisturbed(place);
    });

    it.each(named(REMOVING))("at $at", { timeout: LIMIT }, async ({ point }) => {
      const recovered = await killAndRecover(place, point, "two kernels");
      expect(recovered).toEqual({ end: calm.end, restarts: 0, asked: false });
    });

    it("does nothing that these tests do not know", () => {
      const known = [...kindsOf([...CREATING, ...REMOVING]), ...OTHER_READS];
      expect(known).toEqual(expect.arrayContaining(kindsOf(calm.points)));
    });

    it("with the last kernel of all", { timeout: LIMIT }, async () => {
      repository.drop("kernels/rest");
      await place.restore("deployed");
      await place.upKilledAt({ kind: "host rename", number: 1 });
      const last = await place.recover();
      expect(last.ok, last.stdout).toBe(true);
      expect((await place.endState()).kernels).toEqual({});
    });
  });
});
