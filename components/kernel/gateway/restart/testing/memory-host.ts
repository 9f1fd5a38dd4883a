import type { RunOptions, RunResult, Transport } from "../../../hosts/transport/transport.ts";

/** A host in memory that restarts a gateway: its files, and what was restarted on it. */
export class MemoryHost implements Transport {
  readonly host: string;
  readonly traffic = { connections: 0, roundTrips: 0 };
  readonly files = new Map<string, string>();
  /** The restarts' commands. */
  readonly restarts: string[] = [];
  /** Does a restart; its exit code. What it throws ends the deployment and leaves the host as it is by then. */
  onRestart: (command: string) => number | Promise<number> = () => 0;
  /** Called when the restart is marked as done, before the deployment knows. */
  onDone: () => void = () => {};
  #last: Promise<unknown> = Promise.resolve();

  constructor(host: string) {
    this.host = host;
  }

  /** Installs a kernel that has a registration, `kernel/<name>/<uuid>`. */
  install(specsFolder: string, registration: string): void {
    const name = registration.split("/")[1] ?? "";
    const spec = { display_name: name, metadata: { lectern: { registration } } };
    this.files.set(`${specsFolder}/${name}/kernel.json`, JSON.stringify(spec));
  }

  async read(path: string): Promise<Buffer | undefined> {
    const text = this.files.get(path);
    return text === undefined ? undefined : Buffer.from(text);
  }

  async writeAtomically(path: string, content: Buffer | string): Promise<void> {
    this.files.set(path, String(content));
  }

  async remove(path: string): Promise<void> {
    this.files.delete(path);
  }

  async list(path: string): Promise<string[]> {
    const below = [...this.files.keys()].filter((file) => file.startsWith(`${path}/`));
    return [...new Set(below.map((file) => file.slice(path.length + 1).split("/")[0] ?? ""))].sort();
  }

  /** Does as the script that marks a restart on a real host, which test/services shows there. */
  async run(
    [, , , , folder = "", ...command]: readonly [string, ...string[]],
    { input = "" }: RunOptions = {},
  ): Promise<RunResult> {
    this.files.set(`${folder}/begun.json`, String(input));
    this.restarts.push(command.join(" "));
    const code = await this.onRestart(command.join(" "));
    this.files.delete(`${folder}/begun.json`);
    if (code === 0) this.files.set(`${folder}/done.json`, String(input));
    this.onDone();
    return { code, stdout: "", stderr: code === 0 ? "" : "no such unit" };
  }

  lock<T>(_name: string, work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work, work);
    this.#last = turn.catch(() => {});
    return turn;
  }

  async rename(): Promise<void> {}
  async makeFolder(): Promise<void> {}
  async close(): Promise<void> {}
}
