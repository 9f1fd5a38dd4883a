import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isObject } from "../../../../json.ts";

/**
 * Writes a program that speaks sops' command line: what it "encrypted" is in Base64, and its key is at hand where
 * SOPS_STAND_IN_KEY is set, as sops finds its own in the environment.
 */
export async function standInSops(folder: string): Promise<string> {
  const path = join(folder, "sops");
  await writeFile(path, `#!${process.execPath}\n${PROGRAM}`);
  await chmod(path, 0o755);
  return path;
}

/** A file as the stand-in encrypts it. */
export function standInEncrypted(values: object): string {
  const data = Buffer.from(JSON.stringify(values)).toString("base64");
  return `${encrypted(values)}sops:\n  mac: ENC[x]\n  version: 3.13.3\n  stand_in: ${data}\n`;
}

/** What the stand-in encrypted, as JSON; undefined for another file. */
export function standInDecrypted(text: string): string | undefined {
  const data = /stand_in: (.*)/.exec(text)?.[1];
  return data === undefined ? undefined : Buffer.from(data, "base64").toString("utf8");
}

/** The keys of maps stay readable. */
function encrypted(values: object, indent = ""): string {
  const lines = Object.entries(values).map(([key, value]) =>
    isObject(value)
      ? `${indent}${key}:\n${encrypted(value, `${indent}  `)}`
      : `${indent}${key}: ENC[AES256_GCM,type:str]\n`,
  );
  return lines.join("");
}

const PROGRAM = `
const { readFileSync } = require("node:fs");
const [decrypt, option, type, file, ...more] = process.argv.slice(2);
if (decrypt !== "--decrypt" || option !== "--output-type" || type !== "json" || more.length) process.exit(8);
const text = readFileSync(file, "utf8");
process.stderr.write("a warning that quotes the file: " + text);
if (text.includes("changed")) process.exit(51);
if (!process.env.SOPS_STAND_IN_KEY) process.exit(128);
process.stdout.write(Buffer.from(/stand_in: (.*)/.exec(text)[1], "base64"));
`;
