import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { LecternError } from "../components/problem/problem.ts";
import type { RawConfig } from "./configuration.ts";
import type { Adapter } from "./engine/provider/adapter.ts";
import { givenCluster } from "./given-cluster.ts";
import type { SandboxOptions } from "./options.ts";
import { type Offer, StandIns } from "./services/stand-ins.ts";

/** The services that a run uses, and the configuration that connects it to them. */
export interface Services {
  readonly config: RawConfig;
  /** Full names of the keys in `config` that are secrets. */
  readonly secretKeys: readonly string[];
  /** The adapters for resources of other packages, by package; see the engine. */
  readonly adapters: Readonly<Record<string, () => Promise<Adapter>>>;
  /** One line per service, for people: what it is and its address. */
  readonly descriptions: readonly string[];
}

type Choice = Pick<SandboxOptions, "stack" | "api"> & Partial<Pick<SandboxOptions, "kubeconfig" | "engine">>;

/** Services that run in this process, until `stop`. */
export interface StartedServices extends Services {
  stop(): Promise<void>;
}

/** Starts the services of a run in this process. */
export async function startServices(
  folder: string,
  catalog: string,
  options: Choice,
): Promise<StartedServices> {
  const standIns = new StandIns(folder);
  try {
    const services = await connect(folder, catalog, options, (names) => standIns.use(names));
    return { ...services, stop: () => standIns.stop() };
  } catch (error) {
    await standIns.stop();
    throw error;
  }
}

/** The services of a run, the stand-ins of them from `use`. */
export async function connect(
  folder: string,
  catalog: string,
  options: Choice,
  use: (names: string[]) => Promise<readonly Offer[]>,
): Promise<Services> {
  const given = options.api ? [givenApi(options.api)] : [];
  const names = standInsFor(folder, catalog, options);
  const offers = [
    ...given,
    ...(names.length > 0 ? await use(names) : []),
    ...(await clustersIn(join(catalog, "clusters"), folder, options)),
  ];
  const config: RawConfig = Object.assign({}, ...offers.map((offer) => offer.config));
  return {
    config,
    secretKeys: ["lectern:apiKey", "lectern:gatewayToken", "lectern:kubeconfigs"],
    adapters: names.includes("registry") ? { docker: () => builds(config) } : {},
    descriptions: offers.map(({ description }) => description),
  };
}

/** The names of the stand-ins that a run needs. */
function standInsFor(folder: string, catalog: string, { stack, api }: Choice): string[] {
  // Staging and prod have their own gateways, as on a real engine.
  const gateway = stack === "sandbox" ? "gateway" : `gateway-${stack}`;
  // A service that an earlier run used starts again: its resources may have to be deleted.
  const anyOf = (...paths: string[]) => paths.some((path) => existsSync(path));
  const kernels = join(catalog, "kernels");
  return [
    ...(api ? [] : ["qbook"]),
    ...(anyOf(join(folder, "registry"), kernels, join(catalog, "clusters")) ? ["registry"] : []),
    ...(anyOf(join(folder, gateway), kernels) ? [gateway] : []),
  ];
}

/** Builds push to the registry, whichever process it runs in. */
async function builds(config: RawConfig): Promise<Adapter> {
  const { standInBuilds } = await import("./services/registry/builds.ts");
  const { pushedImages } = await import("./services/registry/pushed-images.ts");
  const registries = JSON.parse(config["lectern:registries"] ?? "{}") as Record<string, { endpoint: string }>;
  return standInBuilds(pushedImages(registries["docker.io"]?.endpoint ?? ""));
}

/**
 * Manifests are written to files, as there is no cluster, and there are no nodes to wait for; unless a real
 * cluster is given, which then stands for each of the catalog's.
 */
async function clustersIn(clusters: string, folder: string, options: Choice): Promise<Offer[]> {
  const given = await givenCluster(options);
  if (!existsSync(clusters)) return [];
  const found = (await readdir(clusters, { withFileTypes: true })).filter(
    // As the catalog leaves folders out.
    (entry) => entry.isDirectory() && !/^[._]/.test(entry.name),
  );
  const names = found.map(({ name }) => name);
  const forEach = <T>(value: T) => JSON.stringify(Object.fromEntries(names.map((name) => [name, value])));
  if (given) {
    const kubeconfigs = names.map(async (name) => [name, await given.kubeconfigFor(join(clusters, name))]);
    return [
      {
        config: {
          "lectern:clusters": forEach({ patience: 0, domains: false }),
          "lectern:kubeconfigs": JSON.stringify(Object.fromEntries(await Promise.all(kubeconfigs))),
        },
        description: `clusters  hubs are installed on the cluster of ${options.kubeconfig}`,
      },
    ];
  }
  return [
    {
      config: { "lectern:clusters": forEach({ patience: 0, contact: false }) },
      description: `clusters  manifests are rendered to ${relative(process.cwd(), join(folder, "state/rendered"))}`,
    },
  ];
}

function givenApi(url: string): Offer {
  const problem = (message: string, remedy: string) =>
    new LecternError({ code: "usage", severity: "error", path: "--api", message, remedy });
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed)
    throw problem(`${JSON.stringify(url)} is not a URL`, "Give one such as http://127.0.0.1:8080/api/v1");
  if (!/^(127(\.\d+){3}|localhost|\[::1\])$/.test(parsed.hostname)) {
    throw problem(
      `${parsed.hostname} is not on this machine`,
      "The sandbox connects to loopback only; use `pulumi` for other APIs",
    );
  }
  const key = process.env["LECTERN_API_KEY"];
  if (!key) throw problem("the API key is missing", "Set LECTERN_API_KEY");
  return {
    config: { "lectern:apiUrl": url.replace(/\/$/, ""), "lectern:apiKey": key },
    description: `qBook     ${parsed.origin} (given with --api)`,
  };
}
