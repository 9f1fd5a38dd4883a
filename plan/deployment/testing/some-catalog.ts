import type { CatalogFacts, ClusterFacts, HubFacts, ProjectFacts, ReleaseFacts } from "../catalog-facts.ts";

const none = () => [];

export const release = (cluster: string, some: Partial<ReleaseFacts> = {}): ReleaseFacts => ({
  chart: "catalog/charts/support",
  values: [`catalog/clusters/${cluster}/support.yaml`],
  files: [],
  images: none,
  ...some,
});

export const hub = (cluster: string, name: string, some: Partial<HubFacts> = {}): HubFacts => {
  const environment = name.includes("staging") ? "staging" : "prod";
  return {
    name,
    environment,
    provenBy: environment === "staging" ? [] : ["staging"],
    chart: "catalog/charts/hub",
    values: ["common", environment, name].map((file) => `catalog/clusters/${cluster}/${file}.yaml`),
    files: [],
    images: none,
    ...some,
  };
};

interface Written {
  readonly clusters?: Readonly<Record<string, ClusterFacts>>;
  readonly before?: Readonly<Record<string, ClusterFacts>>;
}

/** Two clusters, `campus` and `campus-2`, with support, a staging and two production hubs, and one of everything else. */
export function someCatalog({ clusters = someClusters(), before = {} }: Written = {}): CatalogFacts {
  const names = [...new Set([...Object.keys(clusters), ...Object.keys(before)])];
  return {
    folder: "catalog",
    articles: [
      { type: "course", name: "bell", folder: "catalog/courses/bell", kernels: () => ["Quantum"] },
      { type: "course", name: "dice", folder: "catalog/courses/dice", kernels: () => ["Science"] },
      { type: "blog", name: "bell", folder: "catalog/blogs/bell", kernels: () => ["Science"] },
    ],
    kernels: [
      { name: "quantum", folder: "catalog/kernels/quantum", displayName: () => "Quantum" },
      { name: "science", folder: "catalog/kernels/science", displayName: () => "Science" },
    ],
    images: [{ name: "lab", folder: "catalog/images/lab" }],
    clusters: names.map((name) => ({
      name,
      folder: `catalog/clusters/${name}`,
      read: () => clusters[name],
      before: () => before[name],
      offersImages: () => true,
    })),
    charts: new Map([
      ["catalog/charts/hub", ["catalog/charts/common"]],
      ["catalog/charts/other", []],
      ["catalog/charts/common", []],
      ["catalog/charts/support", []],
    ]),
    calendar: {
      folder: "catalog/calendar",
      targets: (path) =>
        path.endsWith("broken.yaml") ? undefined : { hubs: ["campus/physics"], courses: ["bell"] },
    },
  };
}

export function someClusters(): Record<string, ClusterFacts> {
  return {
    campus: {
      support: release("campus"),
      files: ["catalog/clusters/campus/kubeconfig"],
      hubs: [
        hub("campus", "staging"),
        hub("campus", "physics", { images: () => ["catalog/images/lab"] }),
        hub("campus", "biology", { chart: "catalog/charts/other" }),
      ],
    },
    "campus-2": {
      support: release("campus-2"),
      files: [],
      hubs: [hub("campus-2", "staging"), hub("campus-2", "prod", { provenBy: [] })],
    },
  };
}

/** A project with stacks of everything, or with these. */
export function someProject(stacks: ProjectFacts["stacks"] = BOTH): ProjectFacts {
  return {
    folder: "",
    program: ["index.ts"],
    lockfiles: [{ file: "package-lock.json", change: () => "lectern changed" }],
    stacks,
    stackOf: (stack) => {
      const [environment, part] = stack.split("-");
      if (environment !== "staging" && environment !== "prod") return undefined;
      return {
        environment,
        parts: part === undefined ? part : stacks.find((one) => one.stack === stack)?.parts,
      };
    },
  };
}

const BOTH: ProjectFacts["stacks"] = [
  { stack: "staging", environment: "staging", parts: undefined },
  { stack: "prod", environment: "prod", parts: undefined },
];
