import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connect } from "../../../components/kernel/hosts/hosts.ts";
import { openTransport } from "../../../components/kernel/hosts/transport/connections.ts";
import { type Transport, TransportError } from "../../../components/kernel/hosts/transport/transport.ts";
import { kernelspecProviderOver } from "../../../components/kernel/spec/kernelspec-provider.ts";
import type { Properties } from "../../../components/resource/provide.ts";
import { type GatewayFixture, type KernelInputs, kernelInputs, startFixture } from "./gateway-fixture.ts";

type Changes = Properties & { readonly hosts?: readonly string[] };

/** Two hosts of one gateway: `a` is what the gateway reads, `b` has all its paths below a folder. */
export interface TwoHosts extends GatewayFixture {
  readonly provider: ReturnType<typeof kernelspecProviderOver>;
  /** What was run on which host: `a: docker pull …`. */
  readonly runs: string[];
  /** Makes an operation fail: `b writeAtomically`. */
  readonly broken: Set<string>;
  inputs(changes?: Changes): KernelInputs;
  /** Where a path of host `b` really is. */
  onB(path: string): string;
  kernelJsonOnB(name: string): string;
}

/** Starts the stand-in, with a provider that reaches its two hosts. */
export async function startTwoHosts(): Promise<TwoHosts> {
  const lab = await startFixture({ real: false });
  const root = mkdtempSync(join(tmpdir(), "lectern-host-b-"));
  const runs: string[] = [];
  const broken = new Set<string>();
  const onB = (path: string) => `${root}${path}`;
  const connect: Connect = (address) => {
    const name = address.kind === "ssh" ? address.host : "local";
    return watched(name, name === "b" ? onB : (path) => path, runs, broken);
  };
  const address = (host: string) => ({ kind: "ssh" as const, host, user: "u", hostKey: "ssh-ed25519 AAAA" });
  return {
    ...lab,
    provider: kernelspecProviderOver(connect),
    runs,
    broken,
    onB,
    inputs: ({ hosts = ["a", "b"], ...changes } = {}) => {
      const inputs = kernelInputs(lab, changes);
      return { ...inputs, gateway: { ...inputs["gateway"], hosts: hosts.map(address) } };
    },
    kernelJsonOnB: (name) => readFileSync(onB(join(lab.service.specsFolder, name, "kernel.json")), "utf8"),
    stop: async () => {
      await lab.stop();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function watched(
  host: string,
  place: (path: string) => string,
  runs: string[],
  broken: ReadonlySet<string>,
): Transport {
  const real = openTransport({ kind: "local" });
  const on = async <T>(operation: string, act: () => Promise<T>): Promise<T> => {
    if (!broken.has(`${host} ${operation}`)) return act();
    throw new TransportError(host, operation, "the disk is gone", "Replace the disk");
  };
  return {
    host,
    traffic: real.traffic,
    read: (path) => on("read", () => real.read(place(path))),
    writeAtomically: (path, content, options = {}) => {
      const { keepPrevious, keepOlder, ...rest } = options;
      const kept = {
        ...rest,
        ...(keepPrevious === undefined ? {} : { keepPrevious: place(keepPrevious) }),
        ...(keepOlder === undefined ? {} : { keepOlder: place(keepOlder) }),
      };
      return on("writeAtomically", () => real.writeAtomically(place(path), content, kept));
    },
    rename: (from, to) => on("rename", () => real.rename(place(from), place(to))),
    makeFolder: (path) => on("makeFolder", () => real.makeFolder(place(path))),
    remove: (path) => on("remove", () => real.remove(place(path))),
    list: (path) => on("list", () => real.list(place(path))),
    run: ([program, ...args], options) => {
      runs.push(`${host}: ${[program, ...args].join(" ")}`);
      const mapped = args.map((arg) => (arg.startsWith("/") ? place(arg) : arg));
      return on("run", async () => {
        const result = await real.run([program, ...mapped], options);
        return { ...result, stdout: result.stdout.replaceAll(place("/"), "/") };
      });
    },
    lock: (name, work) => real.lock(`${host} ${name}`, work),
    close: () => real.close(),
  };
}
