import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { seedImage, seedIndex } from "../../../sandbox/services/registry/image.ts";
import {
  client,
  custom,
  registriesOfEachTest,
  slept,
  standIn,
} from "../../../test/services/registry/registry-fixture.ts";
import { digestOf } from "../../digest.ts";
import { copyImage } from "../alias/alias-copy.ts";
import { parseDigest, parseRepository } from "../reference.ts";

registriesOfEachTest();

describe("tags", () => {
  it("come page by page", async () => {
    const registry = await standIn();
    const { digest } = await seedImage(registry.store, "lab", { content: "x" });
    const tags = Array.from({ length: 2500 }, (_, index) => `t${String(index).padStart(4, "0")}`);
    registry.store.tag("lab", Object.fromEntries(tags.map((tag) => [tag, digest])));
    expect(await client().listTags(parseRepository(`${registry.host}/lab`))).toEqual(tags);
    expect(registry.calls()).toHaveLength(3);
  });

  it("are asked for at the same host, whatever host the link names", async () => {
    const asked: string[] = [];
    const service = await custom((request, response) => {
      asked.push(request.url ?? "");
      const first = asked.length === 1;
      const link = first ? { link: '<http://inside.example/other/path?last=a&n=1>; rel="next"' } : {};
      response.writeHead(200, link).end(JSON.stringify({ tags: [first ? "a" : "b"] }));
    });
    expect(await client().listTags(parseRepository(`${new URL(service.url).host}/lab`))).toEqual(["a", "b"]);
    expect(asked).toEqual(["/v2/lab/tags/list?n=1000", "/v2/lab/tags/list?last=a&n=1"]);
  });

  it("that never end are an error", async () => {
    const service = await custom((_, response) => {
      response.writeHead(200, { link: '</v2/lab/tags/list?last=a>; rel="next"' }).end('{"tags":["a"]}');
    });
    const listed = client().listTags(parseRepository(`${new URL(service.url).host}/lab`));
    await expect(listed).rejects.toThrow("does not end");
  });

  it("of pages that go on for ever are an error, whatever they hold", async () => {
    let page = 0;
    const service = await custom((request, response) => {
      page += 1;
      const tag = request.url?.startsWith("/v2/same/") ? "a" : `t${page}`;
      const link = { link: `<?last=${page}>; rel="next"` };
      response.writeHead(200, link).end(JSON.stringify({ tags: [tag] }));
    });
    const { host } = new URL(service.url);
    await expect(client().listTags(parseRepository(`${host}/same/lab`))).rejects.toThrow(/11 pages in a row/);
    expect(page).toBe(12);
    await expect(client().listTags(parseRepository(`${host}/new/lab`))).rejects.toThrow(/than 1000 pages/);
  });

  it("of something that is no registry are an error", async () => {
    const service = await custom((_, response) => void response.end("<html>Please log in</html>"));
    const listed = client().listTags(parseRepository(`${new URL(service.url).host}/lab`));
    await expect(listed).rejects.toThrow("is not a list of the tags");
  });
});

describe("an image's configuration", () => {
  const config = {
    User: "1000:100",
    Env: ["A=1", "URL=a=b"],
    Entrypoint: ["tini", "--"],
    Cmd: null,
    ExposedPorts: { "8888/tcp": {} },
  };
  const expected = {
    user: "1000:100",
    env: { A: "1", URL: "a=b" },
    entrypoint: ["tini", "--"],
    command: [],
    ports: ["8888/tcp"],
  };

  it.each([
    ["an image", seedImage],
    ["an index", seedIndex],
  ])("is read of %s", async (_, seed) => {
    const registry = await standIn();
    const { digest } = await seed(registry.store, "lab", { content: "x", config });
    registry.store.tag("lab", { one: digest });
    const repository = parseRepository(`${registry.host}/lab`);
    expect(await client().imageConfig(repository, "one")).toEqual(expected);
    expect(await client().imageConfig(repository, digest)).toEqual(expected);
    expect(await client().imageConfig(repository, "two")).toBeUndefined();
  });

  it("is refused where its bytes are not those of its digest", async () => {
    const registry = await standIn();
    const { digest } = await seedImage(registry.store, "lab", { content: "x", config });
    registry.fail({ kind: "wrong-bytes", match: /blobs/ });
    const asked = client().imageConfig(parseRepository(`${registry.host}/lab`), digest);
    await expect(asked).rejects.toThrow(/digest/);
  });

  it("is not known where the index has none for the platform", async () => {
    const registry = await standIn();
    const { digest } = await seedIndex(registry.store, "lab", { content: "x", config });
    const repository = parseRepository(`${registry.host}/lab`);
    expect(await client().imageConfig(repository, digest, "linux/arm64")).toEqual(expected);
    expect(await client().imageConfig(repository, digest, "linux/riscv64")).toBeUndefined();
  });
});

it("the platforms of an image are those of its index, or of its configuration", async () => {
  const registry = await standIn();
  const repository = parseRepository(`${registry.host}/lab`);
  const index = await seedIndex(registry.store, "lab", { content: "x" });
  expect(await client().platforms(repository, index.digest)).toEqual(["linux/amd64", "linux/arm64"]);
  const image = await seedImage(registry.store, "lab", { content: "x" });
  expect(await client().platforms(repository, image.digest)).toEqual(["linux/amd64"]);
});

describe("what refers to an image", () => {
  const subject = digestOf("x");
  const listOf = (name: string) =>
    JSON.stringify({ manifests: [{ digest: digestOf(name), mediaType: "application/json" }] });

  it("comes page by page", async () => {
    const asked: string[] = [];
    const service = await custom((request, response) => {
      asked.push(request.url ?? "");
      const first = asked.length === 1;
      const link = first ? { link: '<http://inside.example/v2/lab/referrers/x?page=2>; rel="next"' } : {};
      response.writeHead(200, link).end(listOf(first ? "a" : "b"));
    });
    const found = await client().referrers(parseRepository(`${new URL(service.url).host}/lab`), subject);
    expect(found?.map(({ digest }) => digest)).toEqual([digestOf("a"), digestOf("b")]);
    expect(asked[1]).toBe(`/v2/lab/referrers/${subject}?page=2`);
  });

  it("is an error where the pages never end", async () => {
    const service = await custom((_, response) => {
      response.writeHead(200, { link: '<?page=2>; rel="next"' }).end(listOf("a"));
    });
    const listed = client().referrers(parseRepository(`${new URL(service.url).host}/lab`), subject);
    await expect(listed).rejects.toThrow("does not end");
  });
});

describe("a registry that lies about a digest", () => {
  it.each(["wrong-digest-header", "wrong-bytes"] as const)("is caught: %s", async (kind) => {
    const registry = await standIn();
    const { digest } = await seedIndex(registry.store, "lab", { content: "x" });
    registry.store.tag("lab", { w_2026_40: digest });
    const repository = parseRepository(`${registry.host}/lab`);
    registry.fail({ kind, match: /manifests/ });
    for (const reference of kind === "wrong-bytes" ? ["w_2026_40", digest] : [digest]) {
      await expect(client().manifest(repository, reference, { fresh: true })).rejects.toThrow(
        "the digest of its bytes is",
      );
    }
    await expect(client().manifest(repository, digest)).rejects.toThrow(/the digest of its bytes is|has no/);
  });

  it("is caught in a layer, of which nothing is kept", async () => {
    const [from, to] = [await standIn(), await standIn()];
    const { digest, bytes } = await seedImage(from.store, "lab", { content: "x" });
    from.fail({ kind: "wrong-bytes", match: /^GET .*blobs/ });
    const copied = copyImage(
      client(),
      parseRepository(`${from.host}/lab`),
      parseRepository(`${to.host}/lab`),
      parseDigest(digest),
    );
    await expect(copied).rejects.toThrow("the digest of its bytes is");
    const layer = JSON.parse(bytes.toString()).layers[0].digest;
    expect(to.store.hasBlob("lab", layer)).toBe(false);
    expect(to.store.find("lab", digest)).toBeUndefined();
  });
});

describe("manifests", () => {
  const answerWith = (mediaType: string, body: string, headers: Record<string, string> = {}) =>
    custom(
      (_, response) => void response.writeHead(200, { "content-type": mediaType, ...headers }).end(body),
    );

  it("that are larger than any manifest are given up, not kept in memory, and not asked for again", async () => {
    let written = 0;
    let asked = 0;
    const service = await custom(async (_, response) => {
      asked += 1;
      response.on("error", () => {});
      response.writeHead(200, { "content-type": "application/vnd.oci.image.manifest.v1+json" });
      const piece = Buffer.alloc(2 ** 20, " ");
      for (; !response.destroyed && written < 600; written += 1) {
        if (!response.write(piece)) await Promise.race([once(response, "drain"), once(response, "close")]);
      }
      response.end();
    });
    const read = client().manifest(parseRepository(`${new URL(service.url).host}/lab`), "1", { fresh: true });
    await expect(read).rejects.toThrow(/answers with too much: GET manifests\/1 of .* larger than 16 MiB/);
    expect(asked).toBe(1);
    expect(written).toBeLessThan(100);
  });

  it("of Docker's schema 1 are refused with what to do", async () => {
    const service = await answerWith("application/vnd.docker.distribution.manifest.v1+prettyjws", "{}");
    const read = client().manifest(parseRepository(`${new URL(service.url).host}/lab`), "1");
    await expect(read).rejects.toThrow(/schema 1.*Build and push the image again/);
  });

  it("are resolved by their bytes where the registry names no digest", async () => {
    const body = '{"schemaVersion":2,"manifests":[]}';
    const service = await answerWith("application/vnd.oci.image.index.v1+json", body);
    const digest = await client().resolve(parseRepository(`${new URL(service.url).host}/lab`), "1");
    expect(digest).toBe(digestOf(Buffer.from(body)));
  });

  it("whose parts are missing are an error that names the part", async () => {
    const [from, to] = [await standIn(), await standIn()];
    const { digest, bytes } = await seedIndex(from.store, "lab", { content: "x" });
    const child = JSON.parse(bytes.toString()).manifests[1].digest;
    from.store.removeManifest("lab", child);
    const [source, target] = [parseRepository(`${from.host}/lab`), parseRepository(`${to.host}/lab`)];
    await expect(copyImage(client(), source, target, parseDigest(digest))).rejects.toThrow(child);
  });
});

it("asks for nothing that is neither a tag nor a digest", async () => {
  const registry = await standIn();
  const repository = parseRepository(`${registry.host}/lab`);
  for (const reference of ["../../other/manifests/1", "1?x=y", "sha256:1", ""]) {
    await expect(client().resolve(repository, reference)).rejects.toThrow(/is not a (tag|digest)/);
  }
  expect(registry.calls()).toEqual([]);
});

describe("trouble", () => {
  it("that passes is waited for, as long as the registry asks", async () => {
    const registry = await standIn();
    const { digest } = await seedImage(registry.store, "lab", { content: "x" });
    registry.fail({ kind: "busy", times: 1 });
    registry.fail({ kind: "broken", times: 2 });
    expect(await client().resolve(parseRepository(`${registry.host}/lab`), digest)).toBe(digest);
    expect(slept.some((milliseconds) => milliseconds >= 1000)).toBe(true);
  });

  it.each([
    ["broken", "answered 500"],
    ["denied", "may use it"],
    ["busy", "Wait a while"],
  ] as const)("that stays is an error: %s", async (kind, message) => {
    const registry = await standIn();
    registry.fail({ kind });
    await expect(client().resolve(parseRepository(`${registry.host}/lab`), "1")).rejects.toThrow(message);
  });

  it("to reach it is an error that names the endpoint", async () => {
    const registry = await standIn();
    await registry.stop();
    const read = client().resolve(parseRepository(`${registry.host}/lab`), "1");
    await expect(read).rejects.toThrow(`lectern:registries.${registry.host}.endpoint`);
  });
});
