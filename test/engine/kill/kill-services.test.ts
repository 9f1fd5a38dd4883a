import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeRepository, type Repository } from "../../sandbox/repository.ts";
import { requireService } from "../../services/require.ts";
import { findPulumi } from "../programs.ts";
import { killAndRecover, kindsOf, LIMIT, named, type Undisturbed, undisturbed } from "./kill-and-recover.ts";
import type { KillPoint } from "./kill-gate.ts";
import { KillPlace } from "./kill-place.ts";

// The real engine is killed at each kind of call to qBook's kernel service, to a registry and to a gateway;
// of several reads in a row at one, since each of them leaves the other side as it was.

const BUILD = "POST /kernels/deploy";
const BUILDING: readonly KillPoint[] = [
  { kind: `before ${BUILD}`, number: 1 },
  { kind: BUILD, number: 1 },
  { kind: "GET /kernels/deploy/build-served-1", number: 1 },
];

const MOVE = "registry PUT /v2/lectern/lab/manifests/recommended";
const MOVING: readonly KillPoint[] = [
  { kind: "registry GET /v2/lectern/lab/tags/list", number: 1 },
  { kind: `before ${MOVE}`, number: 1 },
  { kind: MOVE, number: 1 },
  { kind: "registry GET /v2/lectern/lab/manifests/recommended", number: 1 },
];

/** Until the gateway restarts, which is killed at in kill.test.ts. */
const REGISTERING: readonly KillPoint[] = [
  { kind: "gateway GET /api", number: 1 },
  { kind: "gateway GET /api/kernelspecs/lectern-trial-sums", number: 1 },
  { kind: "gateway execute", number: 1 },
  { kind: "gateway GET /api/kernelspecs/sums", number: 1 },
];
const AFTER_RESTART: KillPoint = { kind: "gateway GET /api/kernelspecs", number: 1 };

/** A new image is tried in a kernel; what an earlier try left is ended first. */
const START = "gateway POST /api/kernels";
const END = "gateway DELETE /api/kernels/<id>";
const TRYING: readonly KillPoint[] = [
  { kind: `before ${END}`, number: 1 },
  { kind: `before ${START}`, number: 1 },
  { kind: START, number: 1 },
  { kind: "gateway execute", number: 1 },
  { kind: `before ${END}`, number: 2 },
  { kind: END, number: 2 },
];

requireService("the real Pulumi", findPulumi, (cli) => {
  /** One catalog that is deployed undisturbed first, from what is saved as "empty". */
  function suite(fill: (repository: Repository) => void) {
    const repository = makeRepository();
    const kept: { place?: KillPlace; calm?: Undisturbed } = {};
    beforeAll(async () => {
      fill(repository);
      repository.commit();
      const place = await KillPlace.open(cli, repository);
      kept.place = place;
      place.save("empty");
      kept.calm = await undisturbed(place);
      place.save("deployed");
    });
    afterAll(async () => {
      await kept.place?.close();
      repository.remove();
    });
    const get = <K extends keyof typeof kept>(key: K): NonNullable<(typeof kept)[K]> => {
      const value = kept[key];
      if (value === undefined) throw new Error("the first deployment failed");
      return value;
    };
    return { repository, place: () => get("place"), calm: () => get("calm") };
  }

  describe("a kernel that qBook's service builds is built once", () => {
    const { place, calm } = suite(({ write }) => {
      write("kernels/served/kernel.yaml", SERVED);
      write("kernels/served/Dockerfile", DOCKERFILE);
    });

    it.each(named(BUILDING))("killed at $at", { timeout: LIMIT }, async ({ point }) => {
      expect(calm().end.builds).toEqual(["build-served-1"]);
      const recovered = await killAndRecover(place(), point, "empty");
      expect(recovered).toEqual({ end: calm().end, restarts: 0, asked: false });
    });

    it("does nothing that these tests do not know", () => {
      expect(kindsOf(calm().points).filter((kind) => / \/kernels\//.test(kind))).toEqual(kindsOf(BUILDING));
    });
  });

  describe("an alias is moved", () => {
    const { place, calm } = suite(({ write }) => {
      const policy = { recommended: "w_2026_10", releases: 1, weeklies: 1, dailies: 0 };
      const lab = { repository: "lectern/lab", alias: "recommended", policy };
      write("clusters/campus/images.yaml", JSON.stringify({ lab }));
    });

    it.each(named(MOVING))("killed at $at", { timeout: LIMIT }, async ({ point }) => {
      const recovered = await killAndRecover(place(), point, "empty");
      expect(recovered).toEqual({ end: calm().end, restarts: 0, asked: false });
    });

    it("writes nothing that these tests do not know", () => {
      expect(writesIn(calm().points)).toEqual(writesIn(MOVING));
    });
  });

  describe("a kernel is registered and verified through its gateway", () => {
    const { repository, place, calm } = suite(({ write }) =>
      write("kernels/sums/kernel.yaml", kernel("2025.2")),
    );
    let updated: Undisturbed;

    it.each(named(REGISTERING))("killed at $at", { timeout: LIMIT }, async ({ point }) => {
      const recovered = await killAndRecover(place(), point, "empty");
      expect(recovered).toEqual({ end: calm().end, restarts: 1, asked: false });
    });

    it("killed when the restarted gateway has listed its kernels", { timeout: LIMIT }, async () => {
      const recovered = await killAndRecover(place(), AFTER_RESTART, "empty");
      expect(recovered).toEqual({ end: calm().end, restarts: 1, asked: false });
    });

    describe("and a new image is tried first", () => {
      beforeAll(async () => {
        await place().restore("deployed");
        repository.write("kernels/sums/kernel.yaml", kernel("2026.1"));
        updated = await undisturbed(place());
      });

      it.each(named(TRYING))("killed at $at", { timeout: LIMIT }, async ({ point }) => {
        const recovered = await killAndRecover(place(), point, "deployed");
        expect(recovered).toEqual({ end: updated.end, restarts: 0, asked: false });
      });

      it("writes nothing that these tests do not know", () => {
        for (const { points } of [calm(), updated]) expect(writesIn(points)).toEqual(writesIn(TRYING));
      });
    });
  });
});

/** What changes something at a registry or a gateway. */
const writesIn = (points: readonly KillPoint[]) =>
  kindsOf(points).filter((kind) => /^(gateway|registry) (?!GET|HEAD)/.test(kind));

const kernel = (tag: string) =>
  `display_name: Sums\nlanguage: python\nimage: lectern/python-science:${tag}\n`;
const SERVED = "display_name: Served by qBook\nlanguage: python\nbackend: qbraid\nbuild: { context: . }\n";
const DOCKERFILE = `FROM quay.io/jupyter/minimal-notebook:2026-01-05
EXPOSE 8888
USER 1000
CMD ["/usr/local/bin/bootstrap-kernel.sh"]
`;
