import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Properties } from "../../../components/resource/provide.ts";

/** Runs the order again and again, killed one step later each time, until it survives; returns how often. */
export async function killEachStep(
  order: Properties | (() => Properties),
  continued: (step: number) => Promise<void>,
): Promise<number> {
  for (let step = 1; ; step++) {
    const now = typeof order === "function" ? order() : order;
    const signal = await runOrder({ ...now, dieAfter: step });
    if (signal !== "SIGKILL") return step;
    await continued(step);
  }
}

async function runOrder(order: Properties): Promise<NodeJS.Signals | null> {
  const file = fileURLToPath(new URL("fixtures/kernel-operation.ts", import.meta.url));
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", file], {
    stdio: ["pipe", "ignore", "inherit"],
  });
  child.stdin.end(JSON.stringify(order));
  const [code, signal] = await once(child, "exit");
  if (code !== 0 && signal !== "SIGKILL") throw new Error(`the operation ended with ${code ?? signal}`);
  return signal;
}
