import { describe, expect, test } from "vitest";
import { isSecretValue, namesSecret } from "./secret-name.ts";

describe("a name", () => {
  test.each(
    `DB_PASS DB_PWD GITHUB_PAT PASSWORD1 SECRETS TOKENS GITHUBTOKEN DB_PASSWORD githubToken dbPass API_KEY
     APIKEY OPENAI_API_KEYS AWS_SECRET_ACCESS_KEY PGPASSWORD PASS PAT TOKEN_2 CREDENTIALS`.split(/\s+/),
  )("%s is a secret's", (name) => expect(namesSecret(name)).toBe(true));

  test.each(
    `TOKENIZERS_PARALLELISM PATH COMPASS PASSENGER PATTERN PWD OLDPWD MONKEY KEYBOARD PATIENT BYPASS
     SECRETARY TOKENIZER PASSTHROUGH PASSES COMPAT TOKEN_FILE SECRETS_DIR AWS_ACCESS_KEY_ID TOKEN_URL
     MAX_TOKENS MAX_NEW_TOKENS PYTHONPATH`.split(/\s+/),
  )("%s is none's", (name) => expect(namesSecret(name)).toBe(false));
});

describe("a value", () => {
  const letters = "a".repeat(36);
  test.each([
    `ghp_${letters}`,
    `token ghp_${letters}`,
    `{"token":"github_pat_${letters}"}`,
    "--index https://user:pw@host",
    "https://:pw@host/simple",
    "postgres://a:b@c, postgres://$USER:$PASS@c",
    "x AKIAABCDEFGHIJKLMNOP",
    `Bearer sk-${letters}`,
    "-----BEGIN OPENSSH PRIVATE KEY-----",
  ])("%s has a secret", (value) => expect(isSecretValue(value)).toBe(true));

  test.each([
    "https://host:8080/a@b",
    "https://user@host",
    "disk-image-with-a-very-long-name-of-many-words",
    "ghp_short",
    "git@github.com:a/b.git",
  ])("%s has none", (value) => expect(isSecretValue(value)).toBe(false));
});
