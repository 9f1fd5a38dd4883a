import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseHostKey } from "./host-key.ts";

const ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ9Zs8VfJfR2mA8K0eTBVZ9jv5BGwJ4IHXKpwIRUfe0d";

test.each(["ed25519", "ecdsa", "rsa"])("the fingerprint of %s is the one that ssh-keygen prints", (type) => {
  const folder = mkdtempSync(join(tmpdir(), "lectern-key-"));
  const file = join(folder, "key");
  execFileSync("ssh-keygen", ["-q", "-t", type, "-N", "", "-f", file]);
  const printed = execFileSync("ssh-keygen", ["-l", "-f", `${file}.pub`], { encoding: "utf8" });
  expect(parseHostKey(readFileSync(`${file}.pub`, "utf8"))?.fingerprint).toBe(printed.split(" ")[1]);
  rmSync(folder, { recursive: true });
});

test.each([
  "",
  "ssh-ed25519",
  ED25519.slice(12),
  ED25519.slice(0, -4),
  `${ED25519}AAAA`,
  ED25519.replace("ssh-ed25519", "ssh-rsa"),
  ED25519.replace("AAAAC3", "AAAAC4"),
  `example.org ${ED25519}`,
  "ssh-dss AAAAB3NzaC1kc3MAAAA",
  "SHA256:abcdef",
])("%j is no host key", (line) => {
  expect(parseHostKey(ED25519)).toBeDefined();
  expect(parseHostKey(line)).toBeUndefined();
});
