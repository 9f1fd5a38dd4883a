import { expect, it } from "vitest";
import { knownSecrets } from "./known-secrets.ts";

it("the secrets of a hub are its secret values, and what was deployed at their paths", () => {
  const secrets = { hub: { db: { password: "new", port: 5432 } }, keys: ["k1", { name: "k2" }] };
  const deployed = { hub: { db: { password: "old", url: "plain" } }, keys: ["k0"], level: "INFO" };
  expect(knownSecrets(secrets, deployed)).toEqual(["new", "k1", "k2", "old", "k0"]);
  expect(knownSecrets({})).toEqual([]);
});
