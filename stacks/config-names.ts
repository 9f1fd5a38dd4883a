import { hostOf, parseReference } from "../components/image/reference.ts";
import { didYouMean } from "../components/problem/nearest.ts";
import { LecternError, type Problem } from "../components/problem/problem.ts";
import type { StackConfig } from "./config.ts";

/** What the maps of a stack's configuration can name. */
export interface KnownNames {
  /** The folders of the catalog's clusters. */
  readonly clusters: readonly string[];
  /** Those of them that other stacks deploy: a stack's entries for them are defaults of these. */
  readonly elsewhere: readonly string[];
  /** `<cluster>/<entry of images.yaml>`. */
  readonly images: readonly string[];
  /** `<cluster>/<hub>`. */
  readonly hubs: readonly string[];
  /** The folders of the catalog's kernels. */
  readonly kernels: readonly string[];
  /** What a gate decides on: `course/…`, `blog/…`, `kernel/…`, `images/…`, `hub/…`. */
  readonly gated: readonly string[];
  /** Hosts of registries that the stack asks, such as `ghcr.io`; undefined where they are not known. */
  readonly registries: readonly string[] | undefined;
}

interface NamedMap {
  readonly known: keyof KnownNames;
  /** What an unknown name is, as the end of a message. */
  readonly unknown: (name: string) => string;
  readonly remedy: string;
}

const CLUSTERS: NamedMap = {
  known: "clusters",
  unknown: (name) => `the catalog has no cluster ${name}`,
  remedy: "Name a folder of the catalog's clusters/, or remove the entry",
};
const HUBS: NamedMap = {
  known: "hubs",
  unknown: (name) => `the catalog has no hub ${name}`,
  remedy: "Name it <cluster>/<hub>, or remove the entry",
};
const REGISTRIES: NamedMap = {
  known: "registries",
  unknown: (name) => `this stack uses no image of the registry ${name}`,
  remedy: "Name the host of a repository that the stack uses, or remove the entry",
};

/**
 * The maps whose names refer to something outside of the configuration, and what that is. Decisions about
 * articles and kernels are checked where these are read: what was deployed before counts there, too.
 */
const NAMED_MAPS = {
  clusters: CLUSTERS,
  kubeconfigs: CLUSTERS,
  images: {
    known: "images",
    unknown: (name) => `no images.yaml of the catalog has the entry ${name}`,
    remedy: "Name it <cluster>/<entry of images.yaml>, or remove the decision",
  },
  kernelSecrets: {
    known: "kernels",
    unknown: (name) => `the catalog has no kernel ${name}`,
    remedy: "Name a folder of the catalog's kernels/, or remove the entry",
  },
  hubSecrets: HUBS,
  hubTokens: HUBS,
  override: {
    known: "gated",
    unknown: (name) => `the catalog has no ${name}`,
    remedy: "Name it as the hold names it, or remove the override",
  },
  registries: REGISTRIES,
  registryPasswords: REGISTRIES,
} satisfies Partial<Record<keyof StackConfig, NamedMap>>;

/** The keys below `lectern:` that {@link checkConfigNames} covers. */
export const NAMED_KEYS = Object.keys(NAMED_MAPS) as readonly (keyof typeof NAMED_MAPS)[];

/**
 * Refuses a name that refers to nothing: what a person decided there would have no effect.
 * @throws {LecternError} with every such name at once, and the nearest ones that exist
 */
export function checkConfigNames(
  config: Pick<StackConfig, keyof typeof NAMED_MAPS | "gateway" | "gateways">,
  known: KnownNames,
): void {
  const problems = NAMED_KEYS.flatMap((key) => {
    const map: NamedMap = NAMED_MAPS[key];
    const names = known[map.known];
    if (names === undefined) return [];
    return Object.keys(config[key] ?? {})
      .filter((name) => !names.includes(canonical(map, name)) && !isElsewhere(map, name, known))
      .map((name) =>
        unknownName(`lectern:${key}.${name}`, map.unknown(JSON.stringify(name)), name, names, map.remedy),
      );
  });
  const gateways = Object.keys(config.gateways);
  if (config.gateway !== undefined && gateways.length > 0 && !gateways.includes(config.gateway)) {
    const message = `lectern:gateways has no gateway ${JSON.stringify(config.gateway)}`;
    problems.push(
      unknownName(
        "lectern:gateway",
        message,
        config.gateway,
        gateways,
        "Describe it below lectern:gateways, or remove this",
      ),
    );
  }
  if (problems.length > 0) throw new LecternError(problems);
}

/** Whether a decision is about a cluster of another stack, whose files are not read here. */
function isElsewhere({ known }: NamedMap, name: string, { elsewhere }: KnownNames): boolean {
  const [first = "", second = ""] = name.split("/");
  if (known === "gated") return ["images", "hub"].includes(first) && elsewhere.includes(second);
  return (known === "images" || known === "hubs") && elsewhere.includes(first);
}

/** The hosts of image references and repositories; one that is malformed is reported where it is used. */
export function registryHosts(references: readonly string[]): string[] {
  const hosts = references.flatMap((text) => {
    try {
      return [hostOf(parseReference(text).repository)];
    } catch (error) {
      if (error instanceof LecternError) return [];
      throw error;
    }
  });
  return [...new Set(hosts)].sort();
}

/** Hosts have several spellings: `INDEX.docker.io` is `docker.io`. */
const canonical = ({ known }: NamedMap, name: string) =>
  known === "registries" ? (registryHosts([`${name}/x/x`])[0] ?? name) : name;

function unknownName(
  path: string,
  message: string,
  name: string,
  known: readonly string[],
  remedy: string,
): Problem {
  return {
    code: "unknown-name",
    severity: "error",
    path,
    message,
    remedy: didYouMean(name, known, remedy),
  };
}
