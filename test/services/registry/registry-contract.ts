import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Digest, digestOf } from "../../../components/digest.ts";
import { copyImage } from "../../../components/image/alias/alias-copy.ts";
import { imageAliasProvider } from "../../../components/image/alias/image-alias-provider.ts";
import { parseDigest, parseRepository } from "../../../components/image/reference.ts";
import { RegistryClient } from "../../../components/image/registry/registry-client.ts";
import { readRegistries } from "../../../components/image/registry/registry-config.ts";
import { systemClock } from "../../../components/resource/context/clock.ts";
import { configReader } from "../../../components/resource/context/configured.ts";
import { makeContext, type ProviderContext } from "../../../components/resource/context/context.ts";
import type { Properties } from "../../../components/resource/provide.ts";
import { seedImage, seedIndex } from "../../../sandbox/services/registry/image.ts";
import { type RegistryStandIn, startRegistry } from "../../../sandbox/services/registry/registry.ts";

/** A registry that is empty and can be written to. */
export interface RegistryUnderTest {
  readonly host: string;
  readonly username?: string;
  readonly password?: string;
  stop(): Promise<void>;
}

const OCI_IMAGE = "application/vnd.oci.image.manifest.v1+json";
const OCI_INDEX = "application/vnd.oci.image.index.v1+json";

type Kind = readonly [name: string, seed: typeof seedImage, docker: boolean];

const KINDS: readonly [Kind, Kind, Kind, Kind] = [
  ["a single OCI image", seedImage, false],
  ["an OCI index", seedIndex, false],
  ["a single Docker image", seedImage, true],
  ["a Docker manifest list", seedIndex, true],
];

/** What every registry has to do for the client and for promotion: the stand-in and real ones alike. */
export function registryContract(start: () => Promise<RegistryUnderTest>): void {
  let registry: RegistryUnderTest;
  let origin: RegistryStandIn;
  let folder: string;
  let lines: string[];

  beforeAll(async () => {
    registry = await start();
    folder = await mkdtemp(join(tmpdir(), "lectern-origin-"));
    origin = await startRegistry({ folder });
  });
  afterAll(async () => {
    await registry?.stop();
    await origin?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const config = (key: string) => {
    const { host, username, password } = registry;
    if (key === "registries" && username) return JSON.stringify({ [host]: { username } });
    return key === "registryPasswords" && password ? JSON.stringify({ [host]: password }) : undefined;
  };
  const context = (): ProviderContext => {
    lines = [];
    return makeContext({
      raw: config,
      fetch,
      clock: systemClock,
      report: ({ message }) => void lines.push(message),
      run: `${Math.random()}`,
    });
  };
  const client = () =>
    new RegistryClient({ fetch, clock: systemClock }, readRegistries(configReader(config)));
  const here = (path: string) => parseRepository(`${registry.host}/${path}`);

  /** Pushes an image made in the origin through the client, and names it. */
  async function push(path: string, tags: readonly string[], kind: Kind, content = path): Promise<Digest> {
    const [, seed, docker] = kind;
    const { digest } = await seed(origin.store, "lectern/origin", { content, docker });
    const parsed = parseDigest(digest);
    await copyImage(client(), parseRepository(`${origin.host}/lectern/origin`), here(path), parsed);
    const manifest = await client().manifest(here(path), digest);
    for (const tag of tags) await client().putManifest(here(path), tag, manifest.bytes, manifest.mediaType);
    return parsed;
  }

  describe("the client", () => {
    it.each(KINDS)("copies %s from another registry and gets the same bytes back", async (...kind) => {
      const path = `client/${kind[0].toLowerCase().replaceAll(" ", "-")}`;
      const digest = await push(path, ["w_2026_40"], kind);
      const manifest = await client().manifest(here(path), "w_2026_40", { fresh: true });
      expect(manifest.digest).toBe(digest);
      expect(digestOf(manifest.bytes)).toBe(digest);
      expect(manifest.mediaType).toBe(origin.store.find("lectern/origin", digest)?.mediaType);
      expect(await client().resolve(here(path), "w_2026_40")).toBe(digest);
    });

    it("answers a tag and a repository that are not there with undefined", async () => {
      await push("client/known", ["1"], KINDS[0]);
      expect(await client().resolve(here("client/known"), "2")).toBeUndefined();
      expect(await client().resolve(here("client/unknown"), "1")).toBeUndefined();
      await expect(client().manifest(here("client/known"), "2")).rejects.toThrow("the registry has no");
    });

    it("lists every tag", async () => {
      const tags = Array.from(
        { length: 25 },
        (_, index) => `d_2026_01_${String(index + 1).padStart(2, "0")}`,
      );
      await push("client/tags", tags, KINDS[0]);
      expect((await client().listTags(here("client/tags"))).sort()).toEqual(tags);
      await expect(client().listTags(here("client/none"))).rejects.toThrow(/client\/none/);
    });

    it("mounts a blob within the registry, once", async () => {
      const digest = await push("client/blobs", ["1"], KINDS[0]);
      const { bytes } = await client().manifest(here("client/blobs"), digest);
      const layer = parseDigest(JSON.parse(new TextDecoder().decode(bytes)).layers[0].digest);
      const target = here("client/mounted");
      expect(await client().blobExists(target, layer)).toBe(false);
      expect(await client().mountOrCopyBlob(here("client/blobs"), target, layer)).toBe("mounted");
      expect(await client().blobExists(target, layer)).toBe(true);
      expect(await client().mountOrCopyBlob(here("client/blobs"), target, layer)).toBe("present");
    });

    it("costs HEADs alone where nothing has changed", async () => {
      await push("client/unchanged", ["1"], KINDS[1]);
      const same = client();
      await same.manifest(here("client/unchanged"), "1");
      const before = same.calls();
      await same.manifest(here("client/unchanged"), "1");
      await same.resolve(here("client/unchanged"), "1");
      expect(same.calls()).toEqual({ ...before, HEAD: (before["HEAD"] ?? 0) + 2 });
    });
  });

  describe("promotion", () => {
    it.each(KINDS)("moves the alias over %s, the digest the same before and after", async (...kind) => {
      const path = `promotion/${kind[0].toLowerCase().replaceAll(" ", "-")}`;
      const old = await push(path, ["w_2026_40", "recommended"], kind, `${path} old`);
      const next = await push(path, ["w_2026_44"], kind, `${path} new`);
      const outs = await deploy(context(), { alias: "recommended", target: "w_2026_44", source: here(path) });
      expect(lines[0]).toBe(
        `recommended: Weekly 2026_40 (${old.slice(0, 19)}…) → Weekly 2026_44 (${next.slice(0, 19)}…) in ${here(path)}`,
      );
      const manifest = await client().manifest(here(path), "recommended", { fresh: true });
      expect(manifest.digest).toBe(next);
      expect(manifest.mediaType).toBe(origin.store.find("lectern/origin", next)?.mediaType);
      expect(outs).toMatchObject({ digest: next, previous: old, image: `${here(path)}@${next}` });
    });

    it.each([KINDS[0], KINDS[1]])("brings %s to another repository of the registry", async (...kind) => {
      const name = kind[0].toLowerCase().replaceAll(" ", "-");
      const next = await push(`promotion/from-${name}`, ["w_2026_44"], kind);
      const repositories = [here(`promotion/from-${name}`), here(`promotion/to-${name}`)];
      const source = repositories[0];
      await deploy(context(), { alias: "recommended", target: "w_2026_44", source, repositories });
      for (const repository of repositories)
        expect(await client().resolve(repository, "recommended")).toBe(next);
    });
  });

  describe("what refers to an image", () => {
    /** Pushes what refers to an image, as cosign and others do. @returns its digest */
    async function attach(path: string, subject: Digest, content: string): Promise<Digest> {
      const { bytes } = await client().manifest(here(path), subject);
      const referrer = Buffer.from(
        JSON.stringify({
          ...JSON.parse(String(await origin.store.read(await single(content)))),
          artifactType: "application/vnd.example.signature",
          subject: { mediaType: OCI_IMAGE, digest: subject, size: bytes.length },
        }),
      );
      const digest = await client().putManifest(here(path), digestOf(referrer), referrer, OCI_IMAGE);
      if ((await client().referrers(here(path), subject)) === undefined) {
        const manifests = [{ mediaType: OCI_IMAGE, digest, size: referrer.length }];
        const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests };
        const list = Buffer.from(JSON.stringify(index));
        await client().putManifest(here(path), subject.replace(":", "-"), list, OCI_INDEX);
      }
      return digest;
    }

    /** The parts of a single image, in the registry under test too. */
    async function single(content: string): Promise<string> {
      return (await seedImage(origin.store, "lectern/origin", { content })).digest;
    }

    /** What a repository lists as referring to an image, in whichever way it does. */
    async function listed(path: string, subject: Digest): Promise<string[]> {
      const list = await client().referrers(here(path), subject);
      if (list) return list.map(({ digest }) => digest);
      const { bytes } = await client().manifest(here(path), subject.replace(":", "-"));
      return JSON.parse(new TextDecoder().decode(bytes)).manifests.map(
        ({ digest }: { digest: string }) => digest,
      );
    }

    it("comes along to other repositories: lists, what is listed there, and signatures by tag", async () => {
      const [from, to] = ["referrers/from", "referrers/to"];
      const image = await push(from, ["w_2026_44"], KINDS[1]);
      const signature = await push(from, [`${image.replace(":", "-")}.sig`], KINDS[0], "signature");
      await push(from, [], KINDS[0], "bill of materials");
      const bill = await attach(from, image, "bill of materials");
      await push(from, [], KINDS[0], "its signature");
      const signed = await attach(from, bill, "its signature");
      const repositories = [here(from), here(to)];
      await deploy(context(), {
        alias: "recommended",
        target: "w_2026_44",
        source: here(from),
        repositories,
      });
      expect(lines.join("\n")).toContain("3 signatures or other referrers");
      expect(await client().resolve(here(to), `${image.replace(":", "-")}.sig`)).toBe(signature);
      expect(await listed(to, image)).toEqual([bill]);
      expect(await listed(to, bill)).toEqual([signed]);
      expect((await client().manifest(here(to), signed, { fresh: true })).digest).toBe(signed);
    });
  });

  async function deploy(on: ProviderContext, wanted: Properties): Promise<Properties> {
    const { inputs, failures } = await imageAliasProvider.check({}, wanted, on);
    expect(failures).toEqual([]);
    return (await imageAliasProvider.create(inputs, on)).outs;
  }
}
