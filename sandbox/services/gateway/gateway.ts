import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { moduleBeside } from "../../../components/module-beside.ts";
import { openControl } from "./control.ts";

/** How a gateway of the sandbox is started. */
export interface GatewayOptions {
  /** An absolute folder of its own; the kernelspecs are in `kernels/` below it. */
  readonly folder: string;
  readonly token: string;
  /** @default one that is free */
  readonly port?: number;
  /**
   * The program of a real Enterprise Gateway; `false` takes the stand-in.
   * @default `LECTERN_EG`, else the one on PATH, else the stand-in
   */
  readonly real?: string | false;
  /** Whether `GET /api/kernels` answers. @default true */
  readonly listKernels?: boolean;
  /** The only kernelspecs that it lists. @default all */
  readonly allowed?: readonly string[];
  /** More of the gateway's environment, e.g. `EG_KERNELSPEC_CACHE_ENABLED`. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A gateway on loopback, which ends with the process that started it. */
export interface GatewayService {
  readonly url: string;
  readonly kind: "enterprise-gateway" | "stand-in";
  readonly specsFolder: string;
  /** A command that restarts the gateway's process and returns when it answers again. */
  readonly restartCommand: readonly [string, ...string[]];
  /** How often its process was started. */
  starts(): number;
  /** Whether its process runs. */
  running(): boolean;
  restart(): Promise<void>;
  /** Ends its process alone and at once, as a crash does; a restart brings it back. */
  crash(): Promise<void>;
  stop(): Promise<void>;
}

/** Milliseconds until a start is given up. */
const START_LIMIT = 60_000;
/** Milliseconds that a process has to end its kernels and itself. */
const STOP_LIMIT = 15_000;

/** A real gateway's program: `LECTERN_EG`, else the one on PATH; undefined where there is none. */
function findEnterpriseGateway(): string | undefined {
  const named = process.env["LECTERN_EG"];
  if (named) return named;
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.map((folder) => join(folder, "jupyter-enterprisegateway")).find((file) => existsSync(file));
}

/** Starts a gateway: a real Enterprise Gateway where there is one, else the stand-in. */
export async function startGateway(options: GatewayOptions): Promise<GatewayService> {
  const specsFolder = join(options.folder, "kernels");
  await mkdir(specsFolder, { recursive: true });
  const port = options.port ?? (await freePort());
  const url = `http://127.0.0.1:${port}`;
  const real = options.real ?? findEnterpriseGateway() ?? false;
  let starts = 0;
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const started = real ? startReal(real, options, port) : startStandIn(options, port);
    child = started;
    starts += 1;
    const ended = once(started, "exit").then(([code]) => {
      throw new Error(`the gateway exited with ${code} while starting`);
    });
    // Its end later on is no failure of the start.
    ended.catch(() => {});
    await Promise.race([answers(url, options.token), ended]);
  }
  async function end(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.kill(signal);
    const timer = setTimeout((running: ChildProcess) => running.kill("SIGKILL"), STOP_LIMIT, child);
    await exited;
    clearTimeout(timer);
  }
  // One after the other, whoever asks.
  let last = Promise.resolve();
  const restart = () => {
    last = last
      .catch(() => {})
      .then(() => end())
      .then(start);
    return last;
  };

  await start();
  const control = await openControl(options.folder, restart);
  return {
    url,
    kind: real ? "enterprise-gateway" : "stand-in",
    specsFolder,
    restartCommand: [
      process.execPath,
      fileURLToPath(moduleBeside("./restart", import.meta.url)),
      options.folder,
    ],
    starts: () => starts,
    running: () => child !== undefined && child.exitCode === null && child.signalCode === null,
    restart,
    crash: () => end("SIGKILL"),
    stop: async () => {
      await control.close();
      await end();
    },
  };
}

function startReal(program: string, options: GatewayOptions, port: number): ChildProcess {
  const { folder } = options;
  const command = [program, "--ip=127.0.0.1", `--port=${port}`, "--log-level=WARN"];
  if (options.allowed)
    command.push(`--KernelSpecManager.whitelist={${JSON.stringify(options.allowed).slice(1, -1)}}`);
  // Whatever ends this process ends the gateway too, and with it its kernels.
  const bound = existsSync("/usr/bin/setpriv") ? ["/usr/bin/setpriv", "--pdeathsig", "TERM", "--"] : [];
  const [first = program, ...rest] = [...bound, ...command];
  return spawn(first, rest, {
    // A Ctrl-C at the terminal is not for the gateway.
    detached: true,
    // Its log is long; who looks for a fault of the gateway's sets LECTERN_GATEWAY_LOG.
    stdio: ["ignore", "ignore", process.env["LECTERN_GATEWAY_LOG"] ? "inherit" : "ignore"],
    env: {
      ...process.env,
      EG_AUTH_TOKEN: options.token,
      EG_PORT_RETRIES: "0",
      EG_LIST_KERNELS: options.listKernels === false ? "False" : "True",
      JUPYTER_PATH: folder,
      JUPYTER_DATA_DIR: join(folder, "data"),
      JUPYTER_CONFIG_DIR: join(folder, "config"),
      JUPYTER_RUNTIME_DIR: join(folder, "runtime"),
      IPYTHONDIR: join(folder, "ipython"),
      ...options.env,
    },
  });
}

function startStandIn(options: GatewayOptions, port: number): ChildProcess {
  const file = fileURLToPath(moduleBeside("./stand-in", import.meta.url));
  // It ends when its standard input does, and that ends with this process.
  return spawn(process.execPath, ["--disable-warning=ExperimentalWarning", file], {
    detached: true,
    stdio: ["pipe", "ignore", "inherit"],
    env: {
      ...process.env,
      GATEWAY_TOKEN: options.token,
      GATEWAY_FOLDER: options.folder,
      GATEWAY_PORT: String(port),
      GATEWAY_LIST_KERNELS: String(options.listKernels ?? true),
      GATEWAY_ALLOWED: JSON.stringify(options.allowed ?? null),
      ...options.env,
    },
  });
}

async function answers(url: string, token: string): Promise<void> {
  const end = Date.now() + START_LIMIT;
  while (Date.now() < end) {
    const answer = await fetch(`${url}/api`, {
      headers: { authorization: `token ${token}` },
      signal: AbortSignal.timeout(2_000),
    }).catch(() => undefined);
    if (answer?.ok) return;
    await delay(50);
  }
  throw new Error(`the gateway at ${url} did not answer within ${START_LIMIT / 1000} s`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("no port is free");
  return address.port;
}
