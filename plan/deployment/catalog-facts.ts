import type { ArticleJob, Environment } from "./deployment-plan.ts";

/*
 * What the planner knows of a catalog. Paths start at the repository's root and have `/`. What takes time to read is
 * behind a function, and asked for only where a change could concern it.
 */

/** A Helm release: a hub's, or a cluster's support. */
export interface ReleaseFacts {
  /** The chart's folder, where the catalog has it. */
  readonly chart?: string;
  /** Its values files, encrypted ones too. */
  readonly values: readonly string[];
  /** Other files that its deployment reads, such as the notebook of a health check. */
  readonly files: readonly string[];
  /** The folders of the images that its values name. */
  readonly images: () => readonly string[];
}

export interface HubFacts extends ReleaseFacts {
  readonly name: string;
  readonly environment: Environment;
  /** The names of the staging hubs that prove it. */
  readonly provenBy: readonly string[];
}

/** What `cluster.yaml` says. */
export interface ClusterFacts {
  readonly support?: ReleaseFacts;
  readonly hubs: readonly HubFacts[];
  /** Files that everything on the cluster needs, such as its kubeconfig. */
  readonly files: readonly string[];
}

/** A folder of the catalog; its name is its identity. */
export interface FolderFacts {
  readonly name: string;
  readonly folder: string;
}

export interface ArticleFacts extends FolderFacts {
  readonly type: ArticleJob["type"];
  /** The display names of the kernels that it names; undefined where it can't be read. */
  readonly kernels: () => readonly string[] | undefined;
}

interface KernelFacts extends FolderFacts {
  /** Undefined where it can't be read. */
  readonly displayName: () => string | undefined;
}

export interface ClusterFolderFacts extends FolderFacts {
  /** Undefined where the folder has no cluster.yaml. */
  readonly read: () => ClusterFacts | undefined;
  /** Whether it has images for its nodes to hold ready. */
  readonly offersImages: () => boolean;
  /** The hubs that the base's cluster.yaml has, and whether it has support, where the base is known. */
  readonly before: () => ClusterFacts | undefined;
}

/** What events of the calendar name. */
export interface CalendarTargets {
  /** As `<cluster>/<hub>`. */
  readonly hubs: readonly string[];
  /** By their folders. */
  readonly courses: readonly string[];
}

export interface CalendarFacts {
  /** Whether it is there or not. */
  readonly folder: string;
  /** What the events of a file of it name, and those that the base has; undefined where it can't be read. */
  readonly targets: (path: string) => CalendarTargets | undefined;
}

export interface CatalogFacts {
  /** The catalog's own folder. */
  readonly folder: string;
  readonly articles: readonly ArticleFacts[];
  readonly kernels: readonly KernelFacts[];
  readonly images: readonly FolderFacts[];
  /** Those that the catalog has, and those that only the base has. */
  readonly clusters: readonly ClusterFolderFacts[];
  /** By the folder of each chart: those of the charts that it takes from other folders, whatever their depth. */
  readonly charts: ReadonlyMap<string, readonly string[]>;
  readonly calendar: CalendarFacts;
}

/** What the file of a stack concerns. */
export interface StackFacts {
  readonly environment: Environment;
  /** The parts of the catalog that it deploys, such as `articles` or `clusters/campus`; undefined is everything. */
  readonly parts: readonly string[] | undefined;
}

/** A stack, by its file. */
export interface NamedStack extends StackFacts {
  readonly stack: string;
}

/** The program that deploys. */
export interface ProjectFacts {
  /** The project's folder; empty where it is the repository's root. */
  readonly folder: string;
  /** Files and folders of the project that everything depends on, such as index.ts. */
  readonly program: readonly string[];
  /** The lockfiles in the project, and what of a change of one counts; undefined where nothing does. */
  readonly lockfiles: readonly { readonly file: string; readonly change: () => string | undefined }[];
  /** The stacks that the project has files of. */
  readonly stacks: readonly NamedStack[];
  /** What a stack's file concerns, whether it still exists or not; undefined for no stack of an environment. */
  readonly stackOf: (stack: string) => StackFacts | undefined;
}
