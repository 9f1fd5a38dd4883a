import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterEach, expect, it, vi } from "vitest";
import { z } from "zod";
import { processContext } from "./process-context.ts";

afterEach(() => vi.unstubAllEnvs());

it("takes the attempt of a run from GitHub Actions, where the configuration has none", () => {
  const slice = { runAttempt: z.int().default(1) };
  vi.stubEnv("GITHUB_RUN_ATTEMPT", "3");
  const attempt = (configured?: string) =>
    processContext(
      () => configured,
      () => {},
    ).config(slice).runAttempt;
  expect([attempt(), attempt("7")]).toEqual([3, 7]);
  vi.stubEnv("GITHUB_RUN_ATTEMPT", undefined);
  expect(attempt()).toBe(1);
});

/** A provider process with one call under way, which the next line of its input ends. */
const PROCESS = `
import { once } from "node:events";
const { interruption, replying } = await import(process.argv[1]);
setInterval(() => {}, 1_000_000);
interruption().addEventListener("abort", () => console.log("interrupted"));
const call = replying(() => once(process.stdin, "data"));
console.log("under way");
await call;
console.log("replied");
`;

it("an interrupted process replies to the call that is under way, and ends then", async () => {
  const host = new URL("process-context.ts", import.meta.url).href;
  const options = ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", PROCESS, host];
  const child = spawn(process.execPath, options, { stdio: ["pipe", "pipe", "inherit"] });
  const printed: string[] = [];
  createInterface({ input: child.stdout }).on("line", (line) => {
    printed.push(line);
    if (line === "under way") child.kill("SIGINT");
    if (line === "interrupted") child.stdin.write("\n");
  });
  expect(await once(child, "close")).toEqual([0, null]);
  expect(printed).toEqual(["under way", "interrupted", "replied"]);
});
