import { createInterface } from "node:readline";
import { inspect } from "node:util";
import { createContext, runInContext } from "node:vm";

/** Executes cells for the stand-in gateway where there is no Python: JSON a line in, one a line out. */
let output = "";
const context = createContext({
  console: {
    log: (...values: unknown[]) => (output += `${values.map((value) => String(value)).join(" ")}\n`),
  },
  process: { env: process.env, pid: process.pid },
});

createInterface(process.stdin).on("line", (line) => {
  const { code } = JSON.parse(line) as { code: string };
  output = "";
  process.stdout.write(`${JSON.stringify({ ...execute(code), output })}\n`);
});

function execute(code: string) {
  try {
    const value: unknown = runInContext(code, context);
    return { result: value === undefined ? null : inspect(value), error: null };
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    return {
      result: null,
      error: { ename: name, evalue: message, traceback: (stack ?? message).split("\n") },
    };
  }
}
