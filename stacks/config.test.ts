import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { formatProblem, LecternError } from "../components/problem/problem.ts";
import { configJsonSchema, parseConfig, SECRET_KEYS } from "./config.ts";
import type { StackFile } from "./stack-file.ts";

const stackFile = (config: object) => ({ name: "Pulumi.staging.yaml", read: () => stringify({ config }) });

const problemsOf = (
  raw: Record<string, string>,
  secrets: string[] = [],
  file: StackFile = stackFile(raw),
) => {
  try {
    parseConfig(raw, (key) => secrets.includes(key), file);
    return [];
  } catch (error) {
    if (error instanceof LecternError) return error.problems;
    throw error;
  }
};

describe("parseConfig", () => {
  it("reads texts as texts and structured values from JSON", () => {
    const config = parseConfig(
      {
        "lectern:titlePrefix": "42",
        "lectern:articles": '{"course/a":{"customId":"a-1"}}',
        "other:key": "x",
      },
      () => false,
      stackFile({}),
    );
    expect(config.titlePrefix).toBe("42");
    expect(config.articles["course/a"]?.customId).toBe("a-1");
    expect(config.catalog).toBe("catalog");
  });

  it.each([
    [
      "lectern:articles",
      '{"course/one":{"customID":"x"}}',
      "lectern:articles.course/one.customID",
      "customId",
    ],
    ["lectern:rules", '{"credential":"error"}', "lectern:rules.credential", "credentials"],
  ])("says what an unknown key of %s may have meant", (key, value, path, meant) => {
    expect(problemsOf({ [key]: value })).toMatchObject([{ path, remedy: `Did you mean "${meant}"?` }]);
  });

  it("reports every problem at once, each with its key", () => {
    const problems = problemsOf({
      "lectern:titelPrefix": "x",
      "lectern:processingLimit": "soon",
      "lectern:rules": '{"credentials":"maybe"}',
    });
    expect(problems.map(({ path, code }) => [path, code])).toEqual(
      expect.arrayContaining([
        ["lectern:titelPrefix", "unknown-key"],
        ["lectern:processingLimit", "wrong-type"],
        ["lectern:rules.credentials", "invalid-value"],
      ]),
    );
    expect(problems.find(({ code }) => code === "unknown-key")?.remedy).toContain('"titlePrefix"');
    for (const { file } of problems) expect(file).toBe("Pulumi.staging.yaml");
  });

  it("names the file and the place of a key that is in the stack's file, and no file for another key", () => {
    const raw = { "lectern:titelPrefix": "x", "lectern:nope": "1" };
    const file = stackFile({ "lectern:catalog": "catalog", "lectern:titelPrefix": "x" });
    expect(problemsOf(raw, [], file).map(formatProblem)).toEqual([
      'Pulumi.staging.yaml:3:3 lectern:titelPrefix: unknown key "titelPrefix". Did you mean "titlePrefix" or "aliasPrefix"?',
      expect.stringMatching(/^lectern:nope: unknown key "nope"\. /),
    ]);
  });

  it("blames no file that can't be read", () => {
    const file = { name: "Pulumi.staging.yaml", read: () => undefined };
    expect(problemsOf({ "lectern:titelPrefix": "x" }, [], file)[0]?.file).toBeUndefined();
  });

  it("refuses a secret in plain text, and never shows it", () => {
    const problems = problemsOf({ "lectern:apiKey": "canary-plain" });
    expect(problems).toMatchObject([{ path: "lectern:apiKey", code: "plain-secret" }]);
    expect(JSON.stringify(problems)).not.toContain("canary-plain");
    expect(problemsOf({ "lectern:apiKey": "k" }, ["lectern:apiKey"])).toEqual([]);
  });

  it("knows which keys are secrets", () => {
    expect(SECRET_KEYS).toEqual(
      expect.arrayContaining([
        "apiKey",
        "repoReadToken",
        "gatewayToken",
        "sshPrivateKey",
        "registryPasswords",
      ]),
    );
  });
});

describe.each(["sandbox", "staging", "prod"])("Pulumi.%s.yaml", (stack) => {
  it("is valid", () => {
    const { config } = parse(readFileSync(`Pulumi.${stack}.yaml`, "utf8")) as {
      config: Record<string, unknown>;
    };
    const raw = Object.fromEntries(
      Object.entries(config).map(([key, value]) => [
        key,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    );
    expect(() => parseConfig(raw, () => false, stackFile({}))).not.toThrow();
  });
});

describe("configJsonSchema", () => {
  it("has every key with its namespace and refuses unknown ones of it", () => {
    const schema = JSON.parse(JSON.stringify(configJsonSchema()));
    expect(Object.keys(schema.properties.config.properties)).toContain("lectern:apiUrl");
    expect(new RegExp(schema.properties.config.propertyNames.pattern).test("lectern:nothing")).toBe(false);
    expect(new RegExp(schema.properties.config.propertyNames.pattern).test("aws:region")).toBe(true);
  });
});

describe("lectern:gateways", () => {
  const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPKSUTyz1HwHReFVvD5obVsALAgJRNarH4TRpNePnAS";
  const problem = (gateway: object) => {
    const whole = {
      specsFolder: "/kernels",
      hosts: [{ local: true }],
      restart: { mode: "none" },
      ...gateway,
    };
    const [first] = problemsOf({ "lectern:gateways": JSON.stringify({ main: whole }) });
    return first && `${first.path}: ${first.message}`;
  };
  const host = { host: "h.example.org", user: "deploy" };

  it.each([
    [{ hosts: [host] }, /hosts\[0\]\.hostKey: .*ssh-keyscan/],
    [
      { hosts: [{ ...host, hostKey: "ssh-ed25519 AAAA" }] },
      /hosts\[0\]\.hostKey: must be a complete public key/,
    ],
    [{ hosts: [{ local: true }, { local: true }] }, /hosts: names a host twice/],
    [{ url: "http://bob:hunter2@gateway.example.org" }, /url: must not contain a user, password or query/],
  ])("refuses %j", (gateway, said) => {
    expect(problem(gateway)).toMatch(said);
    expect(problem(gateway)).not.toContain("hunter2");
  });

  it("takes hosts of both kinds", () => {
    expect(problem({ hosts: [{ local: true }, { ...host, hostKey: key }] })).toBeUndefined();
  });
});
