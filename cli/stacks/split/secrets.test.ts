import { expect, it } from "vitest";
import { copySecrets, secretOf } from "./secrets.ts";

it("a cluster's own stack gets of each secret what is about the cluster", () => {
  const kubeconfigs = JSON.stringify({ campus: "a", "campus-east": "b" });
  expect(secretOf("kubeconfigs", kubeconfigs, "campus")).toBe('{"campus":"a"}');
  const hubs = JSON.stringify({ "campus/prod": { a: 1 }, "campus-east/prod": { b: 2 } });
  expect(secretOf("hubSecrets", hubs, "campus")).toBe('{"campus/prod":{"a":1}}');
  expect(secretOf("registryPasswords", "{}", "campus")).toBe("{}");
  expect(secretOf("apiKey", "canary", "campus")).toBeUndefined();
});

it("a secret goes to the CLI by standard input, and a plain value is not copied", async () => {
  const calls: (readonly [string, string | undefined])[] = [];
  const config = {
    "lectern:kubeconfigs": { value: '{"campus":"canary"}', secret: true },
    "lectern:gateway": { value: "main" },
    "lectern:apiKey": { value: "canary", secret: true },
  };
  const call = async (args: readonly string[], input?: string) => {
    calls.push([args.join(" "), input]);
    return args[1] === "--json" ? JSON.stringify(config) : "";
  };
  await copySecrets(call, { source: "prod", target: "prod-campus", cluster: "campus" });
  expect(calls.slice(1)).toEqual([
    ["config set --stack prod-campus --secret lectern:kubeconfigs", '{"campus":"canary"}'],
  ]);
});
