import * as pulumi from "@pulumi/pulumi";
import { parseConfig, type StackConfig } from "./config.ts";

/** This stack's configuration. @throws {LecternError} with every problem at once */
export function readConfig(): StackConfig {
  const secrets = new Set(JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]") as string[]);
  return parseConfig(pulumi.runtime.allConfig(), (key) => secrets.has(key), pulumi.getStack());
}
