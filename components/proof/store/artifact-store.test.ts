import { describe, expect, it } from "vitest";
import { seedImage, seedIndex } from "../../../sandbox/services/registry/image.ts";
import type { RegistryStandIn } from "../../../sandbox/services/registry/registry.ts";
import { client, registriesOfEachTest, standIn } from "../../../test/services/registry/registry-fixture.ts";
import { digestOf } from "../../digest.ts";
import { copyImage } from "../../image/alias/alias-copy.ts";
import { copyReferrers } from "../../image/alias/referrers-copy.ts";
import { parseDigest, parseRepository } from "../../image/reference.ts";
import { RegistryClient } from "../../image/registry/registry-client.ts";
import { registriesOf } from "../../image/registry/registry-config.ts";
import { systemClock } from "../../resource/context/clock.ts";
import { someResult } from "../testing/some-result.ts";
import { artifactStore } from "./artifact-store.ts";
import { PROOF_TYPE, proofTag } from "./proof-artifact.ts";
import { proofStoreContract } from "./testing/proof-store-contract.ts";

registriesOfEachTest();

type Open = (through?: typeof fetch) => RegistryClient;

const listing: Open = (through = fetch) =>
  new RegistryClient({ fetch: through, clock: systemClock }, registriesOf({ registries: {} }));

/** A client of a registry that does not know the question what refers to an image, as Debian's. */
const withoutLists: Open = (through = fetch) =>
  listing(async (input, init) =>
    String(input).includes("/referrers/")
      ? new Response("404 page not found", { status: 404 })
      : through(input, init),
  );

/** Answers the first requests, and refuses all that come after them. */
function interruptedAfter(requests: number): typeof fetch {
  let count = 0;
  return async (input, init) => {
    count += 1;
    return count > requests ? new Response("killed", { status: 403 }) : fetch(input, init);
  };
}

const CLIENTS = [
  ["that lists what refers to an image", listing, seedImage],
  ["that lists it, for an index", listing, seedIndex],
  ["without such lists", withoutLists, seedImage],
] as const;

async function seeded(registry: RegistryStandIn, seed = seedImage as typeof seedIndex, name = "lab") {
  const { digest } = await seed(registry.store, "course/lab", { content: name });
  return `${registry.host}/course/lab@${digest}`;
}

const digestIn = (image: string) => parseDigest(image.slice(image.indexOf("@") + 1));

describe.each(CLIENTS)("in a registry %s", (_, open, seed) => {
  proofStoreContract(async () => {
    const registry = await standIn();
    return { open: () => artifactStore(open()), image: (name) => seeded(registry, seed, name) };
  });

  it("takes no artifact for a result that is none, or another's", async () => {
    const registry = await standIn();
    const image = await seeded(registry, seed);
    const [result, other] = [someResult("a", image), someResult("b", image)];
    const repository = parseRepository(`${registry.host}/course/lab`);
    const subject = { mediaType: "x", digest: digestIn(image), size: 1 };
    const foreign = (key: string, text: string, parts: object = {}) => {
      const layer = Buffer.from(text);
      return {
        blobs: [layer],
        manifest: {
          schemaVersion: 2,
          artifactType: PROOF_TYPE,
          config: { mediaType: "application/vnd.oci.empty.v1+json", digest: digestOf("{}"), size: 2 },
          layers: [{ mediaType: PROOF_TYPE, digest: digestOf(layer), size: layer.length }],
          subject,
          annotations: { "lectern.dev/proof-key": key },
          ...parts,
        },
      };
    };
    const passed = JSON.stringify(result);
    const garbage = [
      foreign(result.key, "not JSON"),
      foreign(result.key, JSON.stringify(other)),
      foreign(result.key, passed, { artifactType: "application/vnd.example.signature" }),
      foreign(result.key, JSON.stringify({ ...result, image: `x.test/lab@${digestOf("another")}` })),
      foreign(result.key, passed, { layers: [] }),
      foreign(result.key, passed, { subject: { ...subject, digest: digestOf("another") } }),
      foreign("no key", passed),
      foreign(result.key, "{}", {
        annotations: { "lectern.dev/proof-key": result.key, "lectern.dev/proof-result": "{" },
      }),
    ];
    const lists = (await open().referrers(repository, subject.digest)) !== undefined;
    const place = lists ? undefined : proofTag(subject.digest, result.key);
    await registry.store.putBlob("course/lab", Buffer.from("{}"));
    const type = "application/vnd.oci.image.manifest.v1+json";
    for (const { blobs, manifest } of garbage) {
      for (const blob of blobs) await registry.store.putBlob("course/lab", blob);
      await open().putManifest(repository, place, Buffer.from(JSON.stringify(manifest)), type);
      expect((await artifactStore(open()).find(image, [result.key])).size).toBe(0);
    }
    await artifactStore(open()).keep(image, result);
    expect([...(await artifactStore(open()).find(image, [result.key])).values()]).toEqual([result]);
  });

  it("fails where the registry does, instead of having everything run again", async () => {
    const registry = await standIn();
    const image = await seeded(registry, seed);
    const result = { ...someResult("a", image), outcome: "failed" as const };
    await artifactStore(open()).keep(image, result);
    const restore = registry.fail({ kind: "denied", match: /^GET .*\/(manifests|tags)\// });
    await expect(artifactStore(open()).find(image, [result.key])).rejects.toThrow(/403/);
    restore();
    expect((await artifactStore(open()).find(image, [result.key])).size).toBe(1);
  });

  it("has a whole result or none when it is interrupted at any request, and then again takes it", async () => {
    const registry = await standIn();
    const image = await seeded(registry, seed);
    const result = someResult("a", image);
    const outcomes = [];
    for (let requests = 0; outcomes.at(-1) !== "kept" && requests < 50; requests += 1) {
      const keeping = artifactStore(open(interruptedAfter(requests))).keep(image, result);
      outcomes.push(
        await keeping.then(
          () => "kept",
          () => "interrupted",
        ),
      );
      const found = await artifactStore(open()).find(image, [result.key]);
      expect([...found.values()]).toEqual(found.size === 0 ? [] : [result]);
    }
    expect(outcomes.length).toBeGreaterThan(5);
    await artifactStore(open()).keep(image, result);
    expect((await artifactStore(open()).find(image, [result.key])).size).toBe(1);
  });

  it("logs in as the client does", async () => {
    const registry = await standIn({ scheme: "bearer", username: "ci", password: "of-this-test-alone" });
    const image = await seeded(registry, seed);
    const config = {
      registries: { [registry.host]: { username: "ci" } },
      registryPasswords: { [registry.host]: "of-this-test-alone" },
    };
    const result = someResult("a", image);
    await artifactStore(client(config)).keep(image, result);
    expect((await artifactStore(client(config)).find(image, [result.key])).size).toBe(1);
    await expect(artifactStore(client()).keep(image, result)).rejects.toThrow(/401|login/);
  });
});

it("asks once for many notebooks that passed, where the registry lists them", async () => {
  const registry = await standIn();
  const image = await seeded(registry);
  const results = Array.from({ length: 40 }, (_, index) => someResult(`n${index}`, image));
  for (const result of results) await artifactStore(client()).keep(image, result);
  registry.forget();
  const keys = results.map(({ key }) => key);
  expect((await artifactStore(client()).find(image, keys)).size).toBe(40);
  expect(registry.calls()).toHaveLength(1);
});

it("asks once for many notebooks that nobody has run, where the registry has no lists", async () => {
  const registry = await standIn();
  const image = await seeded(registry);
  registry.store.tag("course/lab", { w_2026_44: digestIn(image) });
  registry.forget();
  const keys = Array.from({ length: 500 }, (_, index) => someResult(`n${index}`, image).key);
  expect((await artifactStore(withoutLists()).find(image, keys)).size).toBe(0);
  expect(registry.calls()).toHaveLength(1);
});

it("refuses an image that is not named by its digest", async () => {
  await expect(artifactStore(client()).find("ghcr.io/course/lab:1", ["a"])).rejects.toThrow(/has no digest/);
});

it.each([
  ["lists", listing],
  ["tags", withoutLists],
])("an image is copied to another repository without its proofs, which %s have", async (_, open) => {
  const registry = await standIn();
  const image = await seeded(registry);
  await artifactStore(open()).keep(image, someResult("a", image));
  const [from, to] = ["course/lab", "production/lab"].map((path) =>
    parseRepository(`${registry.host}/${path}`),
  );
  if (!from || !to) throw new Error("two repositories were named");
  await copyImage(open(), from, to, digestIn(image));
  registry.store.tag("course/lab", { w_2026_44: digestIn(image) });
  expect(await copyReferrers(open(), from, to, digestIn(image))).toBe(0);
});
