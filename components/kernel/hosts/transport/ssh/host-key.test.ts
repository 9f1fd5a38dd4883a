import { expect, test } from "vitest";
import { parseHostKey } from "./host-key.ts";

const ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILjRUysd5VWNiHMHJn/0UGeq3d6Vg4GGpZFaJhLlBmRs";

// Made by ssh-keygen, with what `ssh-keygen -l` prints of each.
test.each([
  ["SHA256:BL62BSRgS71Q1qLXLUdMCEjPWnFqhXjCjmNXnBNn3OI", ED25519],
  [
    "SHA256:r7P/XbZI2vuVjW2tKx4rSCjQLe3wCOjn9e302G0FhzA",
    "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBN57I/0YSkK11fxenwJyn0MdmB5Fl8mikPh8Zf8u1BNoeBsLyXQ9d2Eo74bj36Y5gxIN9dJ51YBvgfaJ6tgoXnk=",
  ],
  [
    "SHA256:BWFrPGei0aIgQF0t9E0VpF/hddcJwQFk4m/IMgsGYhI",
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC5xyrZZcCoMKB+uWdr5VaMAIjo5CLVgbxgsv1agR+1/X9HM1tRrreWD8zdBpkyL8/Y8sJiD5qXfOoncfrLbxSezwMwocauU9LKsCgFp8wDNKnM8HtPIOj7U9w1ywqtWWVtO4PKghaj4aJlS94bDNivHPNxl8O3QgNBydcGQ8YZKLQtxw0aT86ppMxx1cUukKq5aaTazmD2V/Oe9oRPP0zJJNwpev/g6drgAkYKs0KXkD+AtGyMPhhnuOiHoTQYu4RlQRuD2+OpkoOUYdqnN2+Ya353N6oL2E9i/tKwXOs0NZ85w82EweT5G//pFbpniWGuZckOBjZV9uEIZLA4BOcj+saeSPUmki5RJS36YzdDzvFYVqVeMpFWIAkLL5p7Id+n7vB46YstBuKqItFeb3r9xeg5vZ91pDn8m1r7yAGECzP+x7+4Z7TMX6a33yGJgIsLRBNwA88z11dL6b0QyK18EbixX3JZUG0kWqc/L2liLK4MzA2Al8LQHuahKkRlr28=",
  ],
])("a fingerprint is the one that ssh-keygen prints: %s", (fingerprint, line) => {
  expect(parseHostKey(line)?.fingerprint).toBe(fingerprint);
  expect(parseHostKey(`${line} a comment\n`)?.fingerprint).toBe(fingerprint);
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
