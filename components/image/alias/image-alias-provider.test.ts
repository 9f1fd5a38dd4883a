import { describe, expect, it } from "vitest";
import {
  aliasRegistry,
  check,
  lab,
  lines,
  named,
  of,
  PASSWORD,
  preview,
  registry,
  run,
  up,
  wanted,
  writes,
} from "../../../test/services/registry/registry-alias.ts";
import type { Properties } from "../../resource/provide.ts";
import { imageAliasProvider as provider } from "./image-alias-provider.ts";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

aliasRegistry();

/** What is wrong with the inputs, `property: reason`, and that finding out wrote nothing. */
async function failures(news: Properties, olds: Properties = {}): Promise<string[]> {
  const checked = await provider.check(olds, news, run());
  expect(writes()).toEqual([]);
  return checked.failures.map(({ property, reason }) => `${property}: ${reason}`);
}

describe("a preview", () => {
  it("shows the move in one line and writes nothing", async () => {
    await check({}, wanted(), run());
    const [from, to] = [of("w_2026_40"), of("w_2026_44")].map((digest) => digest.slice(0, 19));
    const where = `${registry.host}/lectern/lab`;
    expect(lines).toEqual([`recommended: Weekly 2026_40 (${from}…) → Weekly 2026_44 (${to}…) in ${where}`]);
    expect(writes()).toEqual([]);
  });

  it("takes over an alias whose state lacks what earlier versions did not write", async () => {
    const before = await up();
    const { goesBackTo: _, tag: __, ...outs } = before.outs;
    expect(await provider.diff("id", outs, before.inputs, run())).toEqual({ changes: false });
  });

  it("waits for a digest that is not known yet", async () => {
    const before = await up();
    const inputs = await check(before.inputs, wanted({ targetDigest: UNKNOWN }), run());
    expect(await provider.diff("id", before.outs, inputs, run())).toEqual({ changes: true });
  });

  it.each(["w_2026_40", "d_2026_01_02", "r1_0_0", "r1_0_0_rc1", "exp_polars"])(
    "refuses to move %s, which names one image",
    async (alias) => {
      expect(await failures(wanted({ alias }))).toEqual([expect.stringMatching(/^alias: .*never moved/)]);
    },
  );

  it("names the nearest tags where the target is missing", async () => {
    expect(await failures(wanted({ target: "w_2026_45" }))).toEqual([
      expect.stringMatching(/^target: the registry has no .*w_2026_45\. Did you mean .*"w_2026_44"/),
    ]);
  });

  it("reports everything that is wrong with the inputs", async () => {
    const wrong = {
      alias: "-x",
      target: "",
      source: "Lab",
      repositories: [lab(), lab(), "a b"],
      targetDigest: "sha256:1",
    };
    const properties = (await failures(wanted(wrong))).map((text) => text.replace(/:.*/, ""));
    expect(properties).toEqual([
      "alias",
      "target",
      "source",
      "repositories[1]",
      "repositories[2]",
      "targetDigest",
    ]);
    expect(await failures(wanted({ repositories: [] }))).toEqual([
      expect.stringMatching(/at least one repository/),
    ]);
    expect(await failures({ alias: 1 })).toHaveLength(3);
  });

  it("refuses a digest that the source does not have", async () => {
    const targetDigest = `sha256:${"0".repeat(64)}`;
    expect(await failures(wanted({ targetDigest }))).toEqual([
      expect.stringMatching(/^targetDigest: the registry has no/),
    ]);
  });

  it("refuses to go back where this stack has moved nothing yet", async () => {
    expect(await failures(wanted({ rollback: true }))).toEqual([expect.stringMatching(/^rollback: /)]);
  });

  it.each(["wrong-bytes", "wrong-digest-header"] as const)(
    "catches a registry that lies: %s",
    async (kind) => {
      registry.fail({ kind, match: /manifests\/(w_2026_44|sha256)/ });
      const [reason] = await failures(wanted());
      expect(reason).toMatch(
        /^target: (the registry reports .* the digest of its bytes is|the registry has no )/,
      );
      expect(named()).toBe(of("w_2026_40"));
    },
  );
});

describe("a state of version 0.1", () => {
  /** What that version kept of an alias that was moved, and of one that was rolled back. */
  const kept = (rollback: boolean) => {
    const [now, before] = rollback ? ["w_2026_40", "w_2026_44"] : ["w_2026_44", "w_2026_40"];
    const inputs = {
      ...wanted({ rollback }),
      targetDigest: of("w_2026_44"),
      repositories: [lab()],
    };
    const outs = {
      ...inputs,
      places: {
        [lab()]: {
          digest: of(now),
          applied: of(now),
          tag: now,
          previous: of(before),
          rolledBack: rollback,
          previousTag: before,
        },
      },
      tag: now,
      goesBackTo: { tag: "w_2026_40", digest: of("w_2026_40") },
      digest: of(now),
      image: `${lab()}@${of(now)}`,
      previous: of(before),
    };
    return { inputs, outs };
  };

  it.each([false, true])(
    "shows no change where the inputs are the same, rolled back: %s",
    async (rollback) => {
      registry.store.tag("lectern/lab", { recommended: of(rollback ? "w_2026_40" : "w_2026_44") });
      expect((await preview(kept(rollback), { rollback })).diff).toEqual({ changes: false });
      expect(lines.filter((line) => line.includes("→"))).toEqual([]);
    },
  );

  it("is refreshed and moved on by this version", async () => {
    registry.store.tag("lectern/lab", { recommended: of("w_2026_44") });
    const { props } = await provider.read("id", kept(false).outs, run());
    expect(props).toMatchObject({ digest: of("w_2026_44"), goesBackTo: { tag: "w_2026_40" } });
    const { outs } = await up(kept(false), { rollback: true });
    expect(named()).toBe(of("w_2026_40"));
    expect(outs).toMatchObject({ tag: "w_2026_40", previous: of("w_2026_44") });
  });
});

describe("an alias", () => {
  it("is moved with its bytes unchanged, and remembers what it was", async () => {
    const { outs } = await up();
    expect(named()).toBe(of("w_2026_44"));
    expect(outs).toMatchObject({
      digest: of("w_2026_44"),
      image: `${lab()}@${of("w_2026_44")}`,
      previous: of("w_2026_40"),
    });
  });

  it("is made where there is none", async () => {
    registry.store.untag("lectern/lab", "recommended");
    await up();
    expect(named()).toBe(of("w_2026_44"));
    expect(lines[0]).toMatch(/^recommended: nothing → Weekly 2026_44/);
  });

  it("is left alone by a second run, which costs HEADs alone", async () => {
    const before = await up();
    registry.forget();
    expect((await preview(before)).diff).toEqual({ changes: false });
    const calls = registry.calls().filter(({ path, status }) => !path.startsWith("/token") && status !== 401);
    expect(calls.map(({ method }) => method)).toEqual(["HEAD", "HEAD"]);
    expect(lines).toEqual([]);
  });

  it("follows a target that was pushed again", async () => {
    const before = await up();
    registry.store.tag("lectern/lab", { w_2026_44: of("r1_0_0") });
    await up(before);
    expect(named()).toBe(of("r1_0_0"));
  });

  it("can be given by digest, as production is by staging", async () => {
    registry.store.tag("lectern/lab", { w_2026_44: of("r1_0_0") });
    await up(undefined, { targetDigest: of("w_2026_44") });
    expect(named()).toBe(of("w_2026_44"));
  });

  it("moves back, stays there, and moves on when rollback is removed", async () => {
    const first = await up();
    const back = await up(first, { rollback: true });
    expect(lines[0]).toMatch(/^recommended: Weekly 2026_44 .* → Weekly 2026_40/);
    expect(named()).toBe(of("w_2026_40"));
    expect(back.outs).toMatchObject({ tag: "w_2026_40", digest: of("w_2026_40"), previous: of("w_2026_44") });
    registry.forget();
    expect((await preview(back, { rollback: true })).diff.changes).toBe(false);
    await up(back, { rollback: true });
    expect(writes()).toEqual([]);
    await up(back);
    expect(named()).toBe(of("w_2026_44"));
  });

  it("with another name is another resource, and the old one stays", async () => {
    const before = await up();
    const { diff } = await preview(before, { alias: "latest" });
    expect(diff).toEqual({ changes: true, replaces: ["alias"] });
    await provider.delete("id", before.outs, run());
    expect(named()).toBe(of("w_2026_44"));
    expect(lines[0]).toContain("stays as it is");
  });

  it("leaves no password in the state or in a report", async () => {
    const { inputs, outs } = await up();
    expect(JSON.stringify([inputs, outs, lines])).not.toContain(PASSWORD);
  });
});
