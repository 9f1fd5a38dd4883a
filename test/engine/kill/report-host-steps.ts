import { basename } from "node:path";
import { LocalHost } from "../../../components/kernel/hosts/transport/local.ts";

// Preloaded into every Node process of the engine. In the provider's, each step on a gateway's host is
// told to the test when it is done, and goes on when the test has replied: there a test can kill it all.

const gate = process.env["LECTERN_KILL_GATE"];

async function told(step: string): Promise<void> {
  await fetch(`${gate}/${encodeURIComponent(step)}`);
}

/** Lets `method` tell of its end; the name of what it works on belongs to the step. */
function tellOf(method: "writeAtomically" | "rename" | "makeFolder" | "remove" | "read" | "list"): void {
  const original = LocalHost.prototype[method] as (...args: unknown[]) => Promise<unknown>;
  const telling = async function (this: LocalHost, ...args: unknown[]): Promise<unknown> {
    const result = await original.apply(this, args);
    await told(method);
    return result;
  };
  Object.assign(LocalHost.prototype, { [method]: telling });
}

function tellOfRunsAndLocks(): void {
  const { run, lock } = LocalHost.prototype;
  LocalHost.prototype.run = async function (argv, ...options) {
    const result = await run.call(this, argv, ...options);
    await told(`run ${basename(argv[0] ?? "")}`);
    return result;
  };
  LocalHost.prototype.lock = function (name, work) {
    return lock.call(this, name, async () => {
      await told("lock");
      return work();
    }) as ReturnType<typeof work>;
  };
}

if (gate !== undefined && /dynamic-provider/.test(process.argv[1] ?? "")) {
  for (const method of ["writeAtomically", "rename", "makeFolder", "remove", "read", "list"] as const) {
    tellOf(method);
  }
  tellOfRunsAndLocks();
}
