import { existsSync, readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { inheritedConfig } from "../components/resource/inherited.ts";
import { GIVEN_FOR_A_RUN } from "./calendar/config.ts";
import { parseConfig, type StackConfig } from "./config.ts";
import { withDefaults } from "./shards/stack-config.ts";
import { environmentOf, isShard } from "./shards/stack-name.ts";
import type { StackFile } from "./stack-file.ts";

/** The full keys of what is set with `--secret`: the SDK keeps them to itself, and the engine passes them on. */
const secretKeys = z.array(z.string());

/** This stack's configuration: the one place that reads its raw form. @throws {LecternError} with every problem */
export function readConfig(): StackConfig {
  const secrets = new Set(secretKeys.parse(JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]")));
  const stack = pulumi.getStack();
  const raw = { ...withDefaults(stack, pulumi.runtime.allConfig(), inheritedConfig), ...givenForThisRun() };
  const defaults = isShard(stack) ? stackFile(environmentOf(stack)) : undefined;
  return parseConfig(raw, (key) => secrets.has(key), { ...stackFile(stack), defaults });
}

function givenForThisRun(): Readonly<Record<string, string>> {
  const given = GIVEN_FOR_A_RUN.flatMap(([key, variable]) => {
    const text = process.env[variable];
    return text ? [[key, text] as const] : [];
  });
  return Object.fromEntries(given);
}

function stackFile(stack: string): StackFile {
  const name = `Pulumi.${stack}.yaml`;
  // The engine starts a program in the project's folder.
  return { name, read: () => (existsSync(name) ? readFileSync(name, "utf8") : undefined) };
}
