import { spawn } from "node:child_process";
import { once } from "node:events";

/** Runs a test that compares random cases with far more of them than a check does. @returns whether it passes */
export async function compareLonger(
  project: string,
  file: string,
  variable: string,
  runs: number,
): Promise<boolean> {
  const env = { ...process.env, [variable]: String(runs), LECTERN_REQUIRE_SERVICES: "1" };
  const options = ["--project", project, "--testTimeout", "7200000", file];
  const [code] = await once(
    spawn("node_modules/.bin/vitest", ["run", ...options], { env, stdio: "inherit" }),
    "exit",
  );
  return code === 0;
}
