import { describe, expect, it } from "vitest";
import { seedImage } from "../../../sandbox/services/registry/image.ts";
import type { LoginOptions } from "../../../sandbox/services/registry/login.ts";
import {
  client,
  custom,
  letPass,
  registriesOfEachTest,
  standIn,
} from "../../../test/services/registry/registry-fixture.ts";
import { parseDigest, parseRepository } from "../reference.ts";

const USER: LoginOptions = { scheme: "bearer", username: "promoter", password: "of-this-test-alone" };

const credentials = (host: string, password = USER.password) => ({
  registries: { [host]: { username: USER.username } },
  registryPasswords: { [host]: password },
});

registriesOfEachTest();

describe("logging in", () => {
  it("gives a token a scope, fetched once", async () => {
    const registry = await standIn(USER);
    const { digest } = await seedImage(registry.store, "lab", { content: "x" });
    const reader = client(credentials(registry.host));
    const repository = parseRepository(`${registry.host}/lab`);
    for (let times = 0; times < 3; times++) expect(await reader.resolve(repository, digest)).toBe(digest);
    expect(registry.calls().map(({ method, status }) => `${method} ${status}`)).toEqual([
      "HEAD 401",
      "GET 200",
      "HEAD 200",
      "HEAD 200",
      "HEAD 200",
    ]);
  });

  it("is done again where tokens run out or are revoked", async () => {
    const registry = await standIn(USER);
    const { digest } = await seedImage(registry.store, "lab", { content: "x" });
    const reader = client(credentials(registry.host));
    const repository = parseRepository(`${registry.host}/lab`);
    await reader.resolve(repository, digest);
    letPass(400_000);
    expect(await reader.resolve(repository, digest)).toBe(digest);
    registry.revokeTokens();
    expect(await reader.resolve(repository, digest)).toBe(digest);
    expect(registry.calls().filter(({ path }) => path.startsWith("/token"))).toHaveLength(3);
  });

  it.each(["bearer", "basic"] as const)(
    "with a wrong password fails without showing it: %s",
    async (scheme) => {
      const registry = await standIn({ ...USER, scheme });
      const reader = client(credentials(registry.host, "hunter2-wrong"));
      const error = await reader
        .resolve(parseRepository(`${registry.host}/lab`), "1")
        .catch((caught) => caught);
      expect(error.message).toContain(`lectern:registries.${registry.host}.username`);
      expect(JSON.stringify([error.message, error.problems, error.stack])).not.toContain("hunter2");
    },
  );

  it("sends no password to a token service without https", async () => {
    const service = await custom((_, response) => {
      response.writeHead(401, { "www-authenticate": 'Bearer realm="http://tokens.example/token"' }).end();
    });
    const { host } = new URL(service.url);
    const read = client(credentials(host)).resolve(parseRepository(`${host}/lab`), "1");
    await expect(read).rejects.toThrow("which is not https");
  });

  it("sends no password where an upload is sent elsewhere", async () => {
    const from = await standIn();
    const { bytes } = await seedImage(from.store, "lab", { content: "x" });
    const layer = parseDigest(JSON.parse(bytes.toString()).layers[0].digest);
    const elsewhere: (string | undefined)[] = [];
    const store = await custom((request, response) => {
      elsewhere.push(request.headers.authorization);
      request.resume().once("end", () => {
        const location = { location: `${store.url}/upload` };
        response.writeHead(request.method === "PATCH" ? 202 : 201, location).end();
      });
    });
    const registry = await custom((request, response) => {
      if (!request.headers.authorization) {
        response.writeHead(401, { "www-authenticate": 'Basic realm="x"' }).end();
      } else if (request.method === "HEAD") response.writeHead(404).end();
      else response.writeHead(202, { location: `${store.url}/upload` }).end();
    });
    const { host } = new URL(registry.url);
    const source = parseRepository(`${from.host}/lab`);
    const done = client(credentials(host)).mountOrCopyBlob(source, parseRepository(`${host}/lab`), layer);
    expect(await done).toBe("copied");
    expect(elsewhere).toEqual([undefined, undefined]);
  });
});
