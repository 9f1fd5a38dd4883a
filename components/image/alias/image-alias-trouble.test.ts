import { describe, expect, it } from "vitest";
import {
  aliasRegistry,
  check,
  type Deployed,
  lab,
  lines,
  named,
  of,
  places,
  preview,
  registry,
  run,
  up,
  wanted,
  writes,
} from "../../../test/services/registry/registry-alias.ts";
import type { Properties } from "../../resource/provide.ts";
import { PartialFailure } from "../../resource/provider.ts";
import { imageAliasProvider as provider } from "./image-alias-provider.ts";

aliasRegistry();

describe("an alias that somebody else moves", () => {
  it("shows in a refresh, and the next run moves it back", async () => {
    const before = await up();
    registry.store.tag("lectern/lab", { recommended: of("r1_0_0") });
    const read = await provider.read("id", before.outs, run());
    expect(read?.props).toMatchObject({ digest: of("r1_0_0") });
    const after = await up({ inputs: before.inputs, outs: read?.props ?? {} });
    expect(named()).toBe(of("w_2026_44"));
    expect(after.outs).toMatchObject({ digest: of("w_2026_44"), previous: of("w_2026_40") });
    await up(after, { rollback: true });
    expect(named()).toBe(of("w_2026_40"));
  });

  it("shows in a preview without a refresh", async () => {
    const before = await up();
    registry.store.tag("lectern/lab", { recommended: of("r1_0_0") });
    expect((await preview(before)).diff.changes).toBe(true);
    expect(lines.join("\n")).toMatch(/moved by somebody else.*\n.*Release r1\.0\.0 .* → Weekly 2026_44/);
  });

  it("is made again where it was deleted", async () => {
    const before = await up();
    registry.store.untag("lectern/lab", "recommended");
    const read = await provider.read("id", before.outs, run());
    expect(read).toMatchObject({ id: "id", props: { digest: "" } });
    await up({ inputs: before.inputs, outs: read?.props ?? {} });
    expect(named()).toBe(of("w_2026_44"));
  });

  it("leaves no stale state where it was moved back before the next run", async () => {
    const before = await up();
    registry.store.tag("lectern/lab", { recommended: of("r1_0_0") });
    const read = await provider.read("id", before.outs, run());
    registry.store.tag("lectern/lab", { recommended: of("w_2026_44") });
    registry.forget();
    const after = await up({ inputs: before.inputs, outs: read?.props ?? {} });
    expect(after.outs).toMatchObject({ digest: of("w_2026_44"), previous: of("w_2026_40") });
    expect(writes()).toEqual([]);
  });

  it("between the plan and the write is left alone, and the run fails", async () => {
    const context = run();
    const inputs = await check({}, wanted(), context);
    registry.store.tag("lectern/lab", { recommended: of("r1_0_0") });
    await expect(provider.create(inputs, context)).rejects.toThrow(
      "was moved by somebody else after the plan",
    );
    expect(named()).toBe(of("r1_0_0"));
    expect(writes()).toEqual([]);
  });
});

describe("several repositories", () => {
  const repositories = () => [lab("lab"), lab("east"), lab("west")];
  const several = () => ({ repositories: repositories() });

  it("get the image by mounts, and the alias over it", async () => {
    const { outs } = await up(undefined, several());
    for (const name of ["lab", "east", "west"]) expect(named(name)).toBe(of("w_2026_44"));
    expect(Object.keys(places(outs))).toEqual(repositories());
    expect(registry.calls().filter(({ method }) => method === "PATCH")).toEqual([]);
  });

  it("of which one fails: the state keeps which moved, and the next run does the rest alone", async () => {
    const repair = registry.fail({ kind: "denied", match: /^PUT .*east\/manifests\/recommended/ });
    const context = run();
    const inputs = await check({}, wanted(several()), context);
    const failed = await provider.create(inputs, context).catch((error) => error);
    expect(failed).toBeInstanceOf(PartialFailure);
    expect(failed.reasons.join("\n")).toMatch(/east:recommended[\s\S]*2 of 3 repositories/);
    expect(Object.keys(places(failed.properties))).toEqual([lab("lab"), lab("west")]);
    expect([named("lab"), named("east"), named("west")]).toEqual([
      of("w_2026_44"),
      undefined,
      of("w_2026_44"),
    ]);
    repair();
    registry.forget();
    const after = await up({ inputs, outs: failed.properties }, several());
    expect(writes().map(({ path }) => path)).toEqual(["/v2/lectern/east/manifests/recommended"]);
    expect(places(after.outs)[lab("lab")]).toMatchObject({ previous: of("w_2026_40") });
    expect((await preview(after, several())).diff.changes).toBe(false);
  });

  it("of which one is new go on from where they are", async () => {
    const before = await up();
    registry.forget();
    const after = await up(before, several());
    expect(writes().filter(({ path }) => path.includes("/lab/"))).toEqual([]);
    expect(places(after.outs)[lab("lab")]).toMatchObject({ previous: of("w_2026_40") });
  });

  it("of which one is removed keep the alias there", async () => {
    const before = await up(undefined, several());
    const after = await up(before);
    expect(lines[0]).toContain("east:recommended stays as it is");
    expect(Object.keys(places(after.outs))).toEqual([lab()]);
    expect(named("east")).toBe(of("w_2026_44"));
  });

  it("without an earlier image can't go back", async () => {
    const before = await up(undefined, several());
    await expect(preview(before, { ...several(), rollback: true })).rejects.toThrow(/east can't go back/);
  });
});

describe("a registry that keeps other bytes than it is given", () => {
  const match = /^PUT .*manifests\/recommended/;

  it("gets the former image back under the alias, and the error says so", async () => {
    registry.fail({ kind: "rewritten", match, times: 1 });
    await expect(up()).rejects.toThrow(
      /keeps other bytes than it was given for .*lab:recommended.* It names sha256:\w+… again, as before/,
    );
    expect(named()).toBe(of("w_2026_40"));
  });

  it("is named with what the alias names now where that can't be put back", async () => {
    registry.fail({ kind: "rewritten", match });
    const error: unknown = await up().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PartialFailure);
    expect(String((error as PartialFailure).reasons)).toContain(
      `It names ${named()?.slice(0, 19)}… now, which nobody has tried`,
    );
    expect([of("w_2026_40"), of("w_2026_44")]).not.toContain(named());
  });
});

describe("an answer without bytes that claims an image to be there", () => {
  /** A registry that claims in every answer to HEAD below a repository to have what is asked for. */
  const claiming =
    (name: string, digest: string): typeof fetch =>
    async (input, init) => {
      const isMet = init?.method === "HEAD" && String(input).includes(`/lectern/${name}/manifests/`);
      return isMet
        ? new Response(null, { headers: { "docker-content-digest": digest } })
        : fetch(input, init);
    };

  it("is not believed: the image is brought all the same", async () => {
    const to = of("w_2026_44");
    const context = run(async (input, init) =>
      String(input).endsWith("/manifests/recommended")
        ? fetch(input, init)
        : claiming("east", to)(input, init),
    );
    await up(undefined, { repositories: [lab("lab"), lab("east")] }, context);
    expect(named("east")).toBe(to);
  });

  it("is not believed of the alias either", async () => {
    const context = run(claiming("lab", of("w_2026_44")));
    await expect(up(undefined, {}, context)).rejects.toThrow(
      /the registry reports sha256:.* for .*lab:recommended, but the digest of its bytes is/,
    );
  });

  it("leaves no gap: a part that an index lacks is brought", async () => {
    const repositories = [lab("lab"), lab("east")];
    await up(undefined, { repositories });
    const index = JSON.parse(String(await registry.store.read(of("w_2026_44"))));
    const child: string = index.manifests[0].digest;
    registry.store.removeManifest("lectern/east", child);
    registry.store.untag("lectern/east", "recommended");
    await up(undefined, { repositories });
    expect(registry.store.find("lectern/east", child)?.digest).toBe(child);
  });
});

describe("a rollback to an image that the registry has no more", () => {
  it("fails the preview", async () => {
    const before = await up();
    registry.store.removeManifest("lectern/lab", of("w_2026_40"));
    await expect(preview(before, { rollback: true })).rejects.toThrow(
      /recommended of .*lab can't go back to Weekly 2026_40 \(sha256:\w+…\): the registry no longer has that image/,
    );
  });
});

describe("a run that is cut off", () => {
  // Some twenty deployments of two repositories each.
  it("converges when it is run again, wherever it was cut", async () => {
    // A new name each time: nothing has been copied there yet.
    const several = (time: number) => ({ target: "r1_0_0", repositories: [lab("lab"), lab(`east${time}`)] });
    const total = await countRequests(several(0));
    expect(total).toBeGreaterThan(20);
    for (let allowed = 1; allowed < total; allowed++) {
      registry.store.tag("lectern/lab", { recommended: of("w_2026_40") });
      const before = await cutAfter(allowed, several(allowed));
      const after = await up(before, several(allowed));
      expect([named("lab"), named(`east${allowed}`)]).toEqual([of("r1_0_0"), of("r1_0_0")]);
      expect((await preview(after, several(allowed))).diff.changes).toBe(false);
    }
  });

  it("remembers what the alias was, though its state was not saved", async () => {
    const before = await up(undefined, { target: "w_2026_40" });
    await up(before);
    // The process was killed before the engine had saved the update: the state is the old one.
    const after = await up(before);
    expect(after.outs).toMatchObject({ digest: of("w_2026_44"), previous: of("w_2026_40") });
  });

  it("by a lost answer is no failure", async () => {
    registry.fail({ kind: "lost-answer", match: /^PUT .*recommended/, times: 1 });
    const { outs } = await up();
    expect(outs).toMatchObject({ digest: of("w_2026_44"), previous: of("w_2026_40") });
  });

  async function countRequests(change: Properties): Promise<number> {
    let count = 0;
    await up(
      undefined,
      change,
      run((input, init) => {
        count++;
        return fetch(input, init);
      }),
    );
    return count;
  }

  /** The state that is left where the network goes away after so many requests. */
  async function cutAfter(allowed: number, change: Properties): Promise<Deployed | undefined> {
    let left = allowed;
    const context = run((input, init) => {
      if (left-- > 0) return fetch(input, init);
      return Promise.reject(Object.assign(new TypeError("fetch failed"), { cause: new Error("cut off") }));
    });
    const checked = await provider.check({}, wanted(change), context);
    if (!checked || (checked.failures ?? []).length > 0) return undefined;
    try {
      const { outs } = await provider.create(checked.inputs, context);
      return { inputs: checked.inputs, outs };
    } catch (error) {
      return error instanceof PartialFailure
        ? { inputs: checked.inputs, outs: { ...error.properties } }
        : undefined;
    }
  }
});
