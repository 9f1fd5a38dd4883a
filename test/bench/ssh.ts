import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { openTransport } from "../../components/kernel/hosts/transport/connections.ts";
import type { HostAddress, Transport } from "../../components/kernel/hosts/transport/transport.ts";
import { kernelspecProviderOver } from "../../components/kernel/spec/kernelspec-provider.ts";
import type { ProviderContext } from "../../components/resource/context/context.ts";
import { processContext } from "../../components/resource/context/process-context.ts";
import type { BoundProvider, Properties } from "../../components/resource/provide.ts";
import { type Sshd, startSshd } from "../services/hosts/sshd.ts";
import { findSshd } from "../services/programs.ts";
import type { Row } from "./row.ts";

const KERNELS = 50;
/** With a process for each step this many are enough to know the time of one. */
const KERNELS_BY_PROCESS = 10;
const TRIPS_A_KERNEL = 6;
/** What the connection costs once: its sessions for files and for locks. */
const CONSTANT = 10;

/** Kernels updated and left alone on one host over SSH, against one `ssh` process for each step. */
export async function run(): Promise<Row[]> {
  const program = findSshd();
  if (!program) return [absent()];
  const sshd = await startSshd(program);
  const folder = await mkdtemp(join(tmpdir(), "lectern-bench-"));
  try {
    return await compare(sshd, folder);
  } finally {
    await sshd.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function compare(sshd: Sshd, folder: string): Promise<Row[]> {
  const { port, user, hostKey, privateKey } = sshd;
  const address: HostAddress = { kind: "ssh", host: "127.0.0.1", port, user, hostKey };
  const transports: Transport[] = [];
  const provider = kernelspecProviderOver((to) => {
    const transport = openTransport(to, { privateKey });
    transports.push(transport);
    return transport;
  });
  const inputs = (kernel: number, digit: string) => inputsOf(`kernel-${kernel}`, digit, address, folder);
  const context = processContext(
    () => undefined,
    () => {},
  );
  const made = await each((kernel) => provider.create(inputs(kernel, "a"), context));
  await Promise.all(transports.splice(0).map((transport) => transport.close()));

  const unchanged = await measure(transports, () =>
    each((kernel) => leave(provider, made[kernel], inputs(kernel, "a"), context)),
  );
  const updated = await measure(transports, () =>
    each((kernel) => update(provider, made[kernel], inputs(kernel, "b"), context)),
  );
  const byProcess = await byProcesses(sshd, folder);
  return rows(updated, unchanged, byProcess);
}

/** What the engine does with a kernel in a refresh and an `up` in which nothing changed. */
async function leave(
  provider: BoundProvider,
  made: Made,
  news: Properties,
  context: ProviderContext,
): Promise<void> {
  if (!made) throw new Error("the kernel was not made");
  const read = await provider.read(made.id, made.outs, context);
  const { changes } = await provider.diff(made.id, read.props ?? {}, news, context);
  if (changes) throw new Error(`${made.id} should be unchanged`);
}

async function update(
  provider: BoundProvider,
  made: Made,
  news: Properties,
  context: ProviderContext,
): Promise<void> {
  if (!made) throw new Error("the kernel was not made");
  await provider.update(made.id, made.outs, news, context);
}

type Made = { id: string; outs: Properties } | undefined;

interface Measured {
  readonly milliseconds: number;
  readonly connections: number;
  readonly roundTrips: number;
}

/** Runs on a connection of its own, and closes it. */
async function measure(transports: Transport[], act: () => Promise<unknown>): Promise<Measured> {
  const started = performance.now();
  await act();
  const milliseconds = performance.now() - started;
  // All of them share one connection and its counters.
  const { connections, roundTrips } = transports[0]?.traffic ?? { connections: 0, roundTrips: 0 };
  await Promise.all(transports.splice(0).map((transport) => transport.close()));
  return { milliseconds, connections, roundTrips };
}

/** Milliseconds for one kernel where each step is an `ssh` of its own: read, write, rename, touch. */
async function byProcesses(sshd: Sshd, folder: string): Promise<number> {
  const known = join(folder, "known_hosts");
  await promisify(execFile)("sh", [
    "-c",
    'printf "[127.0.0.1]:%s %s\\n" "$1" "$2" > "$3"',
    "sh",
    String(sshd.port),
    sshd.hostKey,
    known,
  ]);
  const options = ["-F", "none", "-i", sshd.privateKeyFile, "-o", `UserKnownHostsFile=${known}`];
  const target = ["-p", String(sshd.port), `${sshd.user}@127.0.0.1`];
  const ssh = async (command: string, input = "") => {
    const running = promisify(execFile)("ssh", [...options, "-o", "BatchMode=yes", ...target, command]);
    running.child.stdin?.end(input);
    return (await running).stdout;
  };
  const started = performance.now();
  for (let kernel = 0; kernel < KERNELS_BY_PROCESS; kernel += 1) {
    const file = join(folder, `kernel-${kernel}`, "kernel.json");
    const text = await ssh(`cat ${file}`);
    await ssh(`cat > ${file}.new`, text.replace(/b{64}/, "c".repeat(64)));
    await ssh(`mv ${file}.new ${file}`);
    await ssh(`touch ${file}`);
    if (!(await readFile(file, "utf8")).includes("ccc")) throw new Error("the update by processes failed");
  }
  return (performance.now() - started) / KERNELS_BY_PROCESS;
}

function rows(updated: Measured, unchanged: Measured, byProcess: number): Row[] {
  const perKernel = updated.milliseconds / KERNELS;
  const factor = byProcess / perKernel;
  const updateTrips = KERNELS * TRIPS_A_KERNEL + CONSTANT;
  // A read of a file is opened, then read and closed in one go.
  const readTrips = KERNELS * 2 + CONSTANT;
  return [
    {
      what: `${KERNELS} kernel updates on one host over SSH`,
      measured: `${updated.connections} connection, ${updated.roundTrips} round trips`,
      target: `1 connection, at most ${updateTrips} round trips`,
      met: updated.connections === 1 && updated.roundTrips <= updateTrips,
    },
    {
      what: "one kernel's update, against one ssh process for each of 4 steps",
      measured: `${perKernel.toFixed(1)} ms against ${byProcess.toFixed(0)} ms: ${factor.toFixed(0)} times faster`,
      target: "at least 5 times faster",
      met: factor >= 5,
    },
    {
      what: `${KERNELS} unchanged kernels, refreshed and compared`,
      measured: `${unchanged.connections} connection, ${unchanged.roundTrips} round trips`,
      target: `1 connection, one read each: at most ${readTrips}`,
      met: unchanged.connections === 1 && unchanged.roundTrips <= readTrips,
    },
  ];
}

function inputsOf(kernel: string, digit: string, host: HostAddress, specsFolder: string): Properties {
  return {
    name: kernel,
    displayName: kernel,
    language: "python",
    image: `registry.example.org/kernels/${kernel}@sha256:${digit.repeat(64)}`,
    body: { backend: { kind: "process-proxy", proxy: "docker" }, argv: ["python", "{connection_file}"] },
    gateway: { name: "bench", hosts: [host], specsFolder },
  };
}

function each<T>(act: (kernel: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: KERNELS }, (_, kernel) => act(kernel)));
}

function absent(): Row {
  const what = "an SSH server (sshd): test/services/install.sh installs it";
  return { what, measured: "missing", target: "installed", met: false };
}
