import fc from "fast-check";
import { expect, it } from "vitest";
import { allTexts, maskTelling, secretTexts } from "./known-secrets.ts";

it("takes what has a telling key, looks generated, or is a password in an address", () => {
  const values = {
    hub: {
      config: { GitHubOAuthenticator: { client_id: "short", client_secret: "client-secret-1" } },
      db: { url: "postgres://hub:database-password@db/hub" },
      extraEnv: [{ name: "KEY", value: "0123456789abcdef0123456789abcdef" }],
    },
    proxy: { service: { type: "ClusterIP" }, secretToken: "proxy-secret" },
    singleuser: { image: { name: "quay.io/jupyter/base-notebook", tag: "2026-01-01" } },
  };
  expect(secretTexts(values)).toEqual(
    expect.arrayContaining([
      "client-secret-1",
      "database-password",
      "0123456789abcdef0123456789abcdef",
      "proxy-secret",
    ]),
  );
  expect(secretTexts(values)).not.toContain("quay.io/jupyter/base-notebook");
  expect(secretTexts(values)).not.toContain("ClusterIP");
});

it("takes each text of at least six characters below a telling key, however deep it is", () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { maxLength: 4 }), fc.string({ minLength: 6 }), (path, secret) => {
      const nested = path.reduceRight<unknown>((inner, key) => ({ [key]: inner }), secret);
      const keys = path.filter((key) => key === "__proto__");
      expect(keys.length > 0 || secretTexts({ password: nested }).includes(secret)).toBe(true);
      expect(keys.length > 0 || allTexts(nested).includes(secret)).toBe(true);
    }),
  );
});

it.each([
  ["Authorization: token 0123456789abcdef", "Authorization: token [redacted]"],
  ["postgres://hub:password@db/hub is down", "postgres://hub:[redacted]@db/hub is down"],
  ["CONFIGPROXY_AUTH_TOKEN=abc def", "CONFIGPROXY_AUTH_TOKEN=[redacted] def"],
  ["client_secret: 'abc', more", "client_secret: '[redacted]', more"],
  ["a token is missing", "a token is missing"],
])("masks a secret that shows what it is: %s", (line, masked) => {
  expect(maskTelling(line)).toBe(masked);
});
