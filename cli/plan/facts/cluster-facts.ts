import { join, posix } from "node:path";
import {
  chartsOf,
  environmentOf,
  provenBy,
} from "../../../components/cluster/declaration/cluster-declaration.ts";
import { wordsOf } from "../../../components/cluster/declaration/cluster-folder.ts";
import type { WrittenHub } from "../../../components/cluster/declaration/cluster-schema.ts";
import { isObject, type JsonObject } from "../../../components/json.ts";
import type { ClusterFacts, HubFacts, ReleaseFacts } from "../../../plan/deployment/catalog-facts.ts";
import { quickYaml, Unreadable } from "./quick-yaml.ts";

/** What the readers of a cluster need. */
export interface ClusterPlace {
  /** The cluster's folder, from the repository's root. */
  readonly folder: string;
  /** The folders of the images that files name. */
  readonly imagesNamedIn: (files: readonly string[]) => readonly string[];
}

/**
 * What a plan needs of `cluster.yaml`. It is read without its schema, which takes longer to load than a plan may take;
 * what the schema refuses besides is a matter of `lectern validate`.
 * @throws {Unreadable} where what the plan needs is of another form
 */
export function clusterFacts(text: string, place: ClusterPlace): ClusterFacts {
  const file = `${place.folder}/cluster.yaml`;
  const read = new Reader(file);
  const written = read.map(quickYaml(text, file) ?? {});
  const hubs = read.list(written["hubs"]).map((hub) => read.hub(hub));
  const values = read.texts(written["values"]);
  const environments = read.map(written["environments"]);
  const kubeconfig = read.text(read.map(written["provider"])["kubeconfig"]);
  const charts = chartsOf(place.folder);
  const inFolder = (name: string) => posix.join(place.folder, name);
  const release = (one: JsonObject, shared: readonly string[], files: readonly string[]): ReleaseFacts => {
    const chart = typeof one["chart"] === "string" ? { chart: join(charts, one["chart"]) } : {};
    const named = [...shared, ...read.texts(one["values"]), ...read.texts(one["secrets"])].map(inFolder);
    return { ...chart, values: named, files: files.map(inFolder), images: () => place.imagesNamedIn(named) };
  };
  return {
    files: kubeconfig === undefined ? [] : [inFolder(kubeconfig)],
    ...(isObject(written["support"]) ? { support: release(written["support"], [], []) } : {}),
    hubs: hubs.map(({ hub, written: one }): HubFacts => {
      const environment = environmentOf(hub);
      const shared = [...values, ...read.texts(read.map(environments[environment])["values"])];
      const own = release(one, shared, filesOf(one, read));
      const profiles = inFolder("profiles.yaml");
      const proof = provenBy(
        hub,
        hubs.map((other) => other.hub),
      );
      const images = () => place.imagesNamedIn([...own.values, profiles]);
      return { ...own, images, name: hub.name, environment, provenBy: proof };
    }),
  };
}

/** The notebook of a hub's health check, and what its commands name. */
function filesOf(hub: JsonObject, read: Reader): string[] {
  const notebook = isObject(hub["health"]) ? read.text(hub["health"]["notebook"]) : undefined;
  const backup = isObject(hub["database"]) ? read.text(hub["database"]["backup"]) : undefined;
  const commands = [...read.texts(hub["verify"]), ...(backup === undefined ? [] : [backup])];
  const words = commands.flatMap(wordsOf).filter((word) => word !== "." && !/^(\/|-|\.\.(\/|$))/.test(word));
  return [...(notebook === undefined ? [] : [notebook]), ...new Set(words)];
}

type ReadHub = Pick<WrittenHub, "name" | "environment" | "gate" | "staging">;

/** Takes values that nobody has checked apart. */
class Reader {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  map(value: unknown): JsonObject {
    if (value === undefined || value === null) return {};
    if (isObject(value)) return value;
    throw new Unreadable(this.#file);
  }

  list(value: unknown): readonly unknown[] {
    if (value === undefined || value === null) return [];
    if (Array.isArray(value)) return value;
    throw new Unreadable(this.#file);
  }

  text(value: unknown): string | undefined {
    if (value === undefined || typeof value === "string") return value;
    throw new Unreadable(this.#file);
  }

  texts(value: unknown): string[] {
    return this.list(value).map((one) => {
      if (typeof one === "string") return one;
      throw new Unreadable(this.#file);
    });
  }

  hub(value: unknown): { readonly hub: ReadHub; readonly written: JsonObject } {
    const written = this.map(value);
    const name = this.text(written["name"]);
    const environment = written["environment"];
    const staging = written["staging"];
    const isEnvironment = environment === undefined || environment === "staging" || environment === "prod";
    if (name === undefined || !isEnvironment) throw new Unreadable(this.#file);
    const proof = Array.isArray(staging) ? this.texts(staging) : this.text(staging);
    return {
      written,
      hub: {
        name,
        environment,
        gate: written["gate"] === "none" ? "none" : undefined,
        staging: proof,
      },
    };
  }
}
