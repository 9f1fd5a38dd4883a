import { existsSync, readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { parseConfig, type StackConfig } from "./config.ts";

/** The full keys of what is set with `--secret`: the SDK keeps them to itself, and the engine passes them on. */
const secretKeys = z.array(z.string());

/** This stack's configuration: the one place that reads its raw form. @throws {LecternError} with every problem */
export function readConfig(): StackConfig {
  const secrets = new Set(secretKeys.parse(JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]")));
  const name = `Pulumi.${pulumi.getStack()}.yaml`;
  // The engine starts a program in the project's folder.
  const read = () => (existsSync(name) ? readFileSync(name, "utf8") : undefined);
  return parseConfig(pulumi.runtime.allConfig(), (key) => secrets.has(key), { name, read });
}
