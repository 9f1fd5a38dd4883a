import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { configSchema } from "../../../../stacks/config.ts";
import { DATA, withDataOf } from "./data-settings.ts";

/** Settings that somebody has to have read before a preview with credentials follows them. */
const READ_FIRST = [
  ...["apiUrl", "siteUrl", "imageRepository", "gateways", "registries", "clusters", "stagingStack"],
  ...["tickImage", "courseRepository", "prove"],
  ...["catalog", "source", "scope", "environment", "assumeStaging", "runAttempt"],
  ...["apiKey", "repoReadToken", "gatewayToken", "sshPrivateKey", "registryPasswords"],
  ...["kernelSecrets", "kubeconfigs", "hubTokens", "hubSecrets"],
];

it("knows of every setting whether it is data", () => {
  expect([...DATA, ...READ_FIRST].sort()).toEqual(Object.keys(configSchema.shape).sort());
});

const BASE = `# Staging
encryptionsalt: v1:abc
config:
  lectern:titlePrefix: "[staging] " # so that people see it
  lectern:gateways:
    main: {url: https://gateway.example.org}
  lectern:apiKey:
    secure: v1:secret
`;

describe("the base's settings with the data of another text", () => {
  it("have what it adds, changes and removes, and are the base's otherwise", () => {
    const head = BASE.replace(/ {2}lectern:titlePrefix.*\n/, "").concat(
      "  lectern:confirmRemovals: [course/bell]\n  lectern:override:\n    hub/north/prod: {reason: 'yes', until: 2026-12-24}\n",
    );
    const text = withDataOf(BASE, head) ?? "";
    expect(parse(text)).toEqual(parse(head));
    expect(text).toMatch(/^# Staging\nencryptionsalt: v1:abc\n/);
    expect(text).toContain('"until": "2026-12-24"');
  });

  it("are the base's where nothing differs but its form", () => {
    expect(withDataOf(BASE, BASE.replace(/ *#.*/g, "").replace('"[staging] "', "'[staging] '"))).toBe(BASE);
    expect(withDataOf("config: {}\n", "")).toBe("config: {}\n");
  });

  it("have a config of their own where the base has none", () => {
    const text = withDataOf(
      "encryptionsalt: x\n",
      "encryptionsalt: x\nconfig: {lectern:visibility: private}\n",
    );
    expect(parse(text ?? "")).toEqual({ encryptionsalt: "x", config: { "lectern:visibility": "private" } });
  });

  it.each([
    ["an address", BASE.replace("https://gateway", "https://evil")],
    ["a setting that leads elsewhere", `${BASE}  lectern:apiUrl: https://evil.example\n`],
    ["a setting of another program", `${BASE}  aws:region: eu-central-1\n`],
    ["a setting without a namespace", `${BASE}  titlePrefix: x\n`],
    ["a secret's value", BASE.replace("v1:secret", "v1:other")],
    ["the key of secrets", BASE.replace("v1:abc", "v1:def")],
    ["another section", `${BASE}environment: [theirs]\n`],
    ["a secret under another name", BASE.replace('"[staging] "', "{secure: v1:secret}")],
    ["a secret within data", `${BASE}  lectern:override: {hub/a/b: {reason: {secure: v1:secret}}}\n`],
    [
      "a merged key",
      BASE.replace("config:", "x: &x {lectern:apiUrl: https://evil.example}\nconfig:\n  <<: *x"),
    ],
    ["a key that occurs twice", `${BASE}  lectern:titlePrefix: x\n`],
    ["what can't be read", `${BASE}  lectern:visibility: [\n`],
    ["several documents", `${BASE}---\nconfig: {}\n`],
    ["no map", "- config\n"],
  ])("are nothing where it changes %s", (_, head) => {
    expect(withDataOf(BASE, head)).toBeUndefined();
  });
});
