import { describe, expect, it } from "vitest";
import { configReader } from "../../resource/context/configured.ts";
import { parseChallenge } from "./registry-auth.ts";
import { readRegistries } from "./registry-config.ts";

describe("a registry's challenge", () => {
  it.each([
    [
      "Docker Hub",
      'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/ubuntu:pull"',
      { scheme: "bearer", realm: "https://auth.docker.io/token", service: "registry.docker.io" },
    ],
    [
      "GHCR",
      'Bearer realm="https://ghcr.io/token",service="ghcr.io",scope="repository:user/image:pull"',
      { scheme: "bearer", realm: "https://ghcr.io/token", service: "ghcr.io" },
    ],
    [
      "Google Artifact Registry",
      'Bearer realm="https://europe-docker.pkg.dev/v2/token",service="europe-docker.pkg.dev",scope="repository:p/r/i:pull"',
      { scheme: "bearer", realm: "https://europe-docker.pkg.dev/v2/token", service: "europe-docker.pkg.dev" },
    ],
    [
      "Harbor",
      'bearer Realm="https://harbor.example/service/token", Service="harbor-registry"',
      { scheme: "bearer", realm: "https://harbor.example/service/token", service: "harbor-registry" },
    ],
    ["a plain registry", 'Basic realm="basic-realm"', { scheme: "basic", realm: "basic-realm" }],
    [
      "one that offers an unknown scheme first",
      'Negotiate, Basic realm="x"',
      { scheme: "basic", realm: "x" },
    ],
    [
      "one that offers two",
      'Bearer realm="https://a.example/token",service="a", Basic realm="x"',
      { scheme: "bearer", realm: "https://a.example/token", service: "a" },
    ],
    ["quotes within quotes", 'Basic realm="say \\"x\\""', { scheme: "basic", realm: 'say "x"' }],
  ])("of %s is understood", (_, header, challenge) => {
    expect(parseChallenge(header)).toEqual(challenge);
  });

  it.each(["", "Negotiate", 'Bearer service="x"', "Digest realm=x"])(
    "%j asks for nothing we have",
    (header) => {
      expect(parseChallenge(header)).toBeUndefined();
    },
  );
});

describe("the registries of a stack", () => {
  const from = (config: Record<string, unknown>) =>
    readRegistries(
      configReader((key) => (config[key] === undefined ? undefined : JSON.stringify(config[key]))),
    );

  it("are reached by https, and on this machine by http", () => {
    const registries = from({});
    expect(registries("ghcr.io")).toEqual({ host: "ghcr.io", base: "https://ghcr.io" });
    expect(registries("docker.io").base).toBe("https://registry-1.docker.io");
    expect(registries("127.0.0.1:5000").base).toBe("http://127.0.0.1:5000");
    expect(registries("localhost").base).toBe("http://localhost");
    expect(registries("127.0.0.1.example.org").base).toBe("https://127.0.0.1.example.org");
  });

  it("can be reached elsewhere, such as through a mirror", () => {
    const registries = from({
      registries: { "index.docker.io": { endpoint: "https://mirror.example/hub/" } },
    });
    expect(registries("docker.io").base).toBe("https://mirror.example/hub");
  });

  it("have users, and Google's have fixed ones", () => {
    const registries = from({
      registries: { "ghcr.io": { username: "bot" } },
      registryPasswords: {
        "ghcr.io": "a",
        "europe-docker.pkg.dev": "token",
        "eu.gcr.io": '{"type":"service_account"}',
      },
    });
    expect(registries("ghcr.io").credentials).toEqual({ username: "bot", password: "a" });
    expect(registries("europe-docker.pkg.dev").credentials?.username).toBe("oauth2accesstoken");
    expect(registries("eu.gcr.io").credentials?.username).toBe("_json_key");
  });

  it("report everything that is wrong, and never a password", () => {
    const wrong = () =>
      from({
        registries: { "ghcr.io": { endpoint: "http://ghcr.io", user: "bot" }, "https://x": {} },
        registryPasswords: { "harbor.example": "hunter2-secret" },
      });
    expect(wrong).toThrow(
      "lectern:registries.ghcr.io.endpoint: plain http is for registries on this machine only",
    );
    expect(wrong).toThrow('unknown key "user"');
    expect(wrong).toThrow("the registry harbor.example has a password but no username");
    expect(wrong).not.toThrow("hunter2");
    const malformed = () =>
      readRegistries(configReader((key) => (key === "registryPasswords" ? "hunter2-secret" : undefined)));
    expect(malformed).not.toThrow("hunter2");
    expect(malformed).toThrow("lectern:registryPasswords");
  });
});
