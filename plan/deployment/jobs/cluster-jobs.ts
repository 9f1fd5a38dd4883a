import { ANNOUNCEMENTS_YAML, SHARED_FILES } from "../../../components/cluster/declaration/cluster-folder.ts";
import type {
  CatalogFacts,
  ClusterFacts,
  ClusterFolderFacts,
  HubFacts,
  ReleaseFacts,
} from "../catalog-facts.ts";
import type { CalendarCauses } from "../changes/calendar-causes.ts";
import { type Cause, filesChanged, folderChanged, listed } from "../changes/cause.ts";
import type { Changes } from "../changes/changes.ts";
import type { WideCauses } from "../changes/wide-causes.ts";
import type { Environment, HubJob, ImageJob, ProdHubJob, SupportJob } from "../deployment-plan.ts";
import { JobBook } from "./job-book.ts";

/** Causes that no file is: labels. */
export interface Forced {
  readonly support: readonly Cause[];
  readonly hubs: readonly Cause[];
}

type Plain<J> = Omit<J, "reasons" | "removed">;

/** Where causes come from. */
export interface Why {
  readonly changes: Changes;
  readonly wide: WideCauses;
  readonly calendar: CalendarCauses;
}

/** Finds what a change deploys to clusters. */
export class ClusterJobs {
  readonly support: JobBook<Plain<SupportJob>>;
  readonly staging: JobBook<Plain<HubJob>>;
  readonly prod: JobBook<Plain<ProdHubJob>>;
  readonly images: JobBook<Plain<ImageJob>>;
  readonly #changes: Changes;
  readonly #wide: WideCauses;
  readonly #charts: ReadonlyMap<string, readonly Cause[]>;
  readonly #images: ReadonlyMap<string, readonly Cause[]>;
  readonly #calendar: CalendarCauses;

  constructor(catalog: CatalogFacts, { changes, wide, calendar }: Why, used: Set<string>) {
    this.support = new JobBook(used);
    this.staging = new JobBook(used);
    this.prod = new JobBook(used);
    this.images = new JobBook(used);
    this.#changes = changes;
    this.#wide = wide;
    this.#calendar = calendar;
    this.#charts = chartCauses(catalog, changes);
    this.#images = imageCauses(catalog, changes, wide);
  }

  /** Adds the jobs of a cluster. It is read only where a change could concern it. */
  add(cluster: ClusterFolderFacts, forced: Forced): void {
    const isForced = forced.support.length > 0 || forced.hubs.length > 0;
    const isShared = this.#wide.concernClusters || this.#charts.size > 0 || this.#images.size > 0;
    const isInCalendar = this.#calendar.concerns(cluster.name);
    if (!isForced && !isShared && !isInCalendar && this.#changes.within(cluster.folder).length === 0) return;
    const facts = cluster.read();
    const declared = this.#declared(cluster, facts);
    if (facts) this.#addReleases(cluster, facts, declared, forced);
    if (declared.length > 0) this.#addRemoved(cluster, facts);
    this.#addOffered(cluster, declared);
  }

  /** Causes that cluster.yaml itself is. */
  #declared({ folder }: ClusterFolderFacts, facts: ClusterFacts | undefined): Cause[] {
    return filesChanged([`${folder}/cluster.yaml`, ...(facts?.files ?? [])], this.#changes, folder);
  }

  /** The causes in the files that all hubs of a cluster share. */
  #shared(folder: string): Cause[] {
    return filesChanged(
      SHARED_FILES.map((file) => `${folder}/${file}`),
      this.#changes,
      folder,
    );
  }

  #addReleases(cluster: ClusterFolderFacts, facts: ClusterFacts, declared: readonly Cause[], forced: Forced) {
    const { name, folder } = cluster;
    const told = filesChanged([`${folder}/${ANNOUNCEMENTS_YAML}`], this.#changes, folder);
    const shared = [...this.#shared(folder), ...told];
    const causesOf = (release: ReleaseFacts, environment: Environment) => [
      ...declared,
      ...this.#causesOf(release, folder),
      ...this.#wide.of(`clusters/${name}`, environment),
    ];
    if (facts.support) {
      const causes = [...causesOf(facts.support, "staging"), ...forced.support];
      this.support.add(name, { cluster: name }, causes);
    }
    for (const hub of facts.hubs) {
      const planned = this.#calendar.ofHub(`${name}/${hub.name}`);
      const causes = [...causesOf(hub, hub.environment), ...shared, ...planned, ...forced.hubs];
      this.#addHub(name, hub, causes);
    }
    this.#addRequired(name, facts);
  }

  #addHub(
    cluster: string,
    { name, environment, provenBy }: HubFacts,
    causes: readonly Cause[],
    isRemoved = false,
  ) {
    const id = `${cluster}/${name}`;
    if (environment === "staging") this.staging.add(id, { cluster, hub: name }, causes, isRemoved);
    else this.prod.add(id, { cluster, hub: name, provenBy: isRemoved ? [] : provenBy }, causes, isRemoved);
  }

  /** Production needs the staging hubs that prove it. */
  #addRequired(cluster: string, { hubs }: ClusterFacts): void {
    const planned = hubs.filter(
      ({ name, environment }) => environment === "prod" && this.prod.has(`${cluster}/${name}`),
    );
    for (const hub of hubs.filter(({ environment }) => environment === "staging")) {
      const needing = planned.filter(({ provenBy }) => provenBy.includes(hub.name)).map(({ name }) => name);
      if (needing.length === 0) continue;
      const text = `production ${needing.length === 1 ? "hub needs" : "hubs need"} it: ${listed(needing)}`;
      this.#addHub(cluster, hub, [{ text, paths: [] }]);
    }
  }

  /** What only the base's cluster.yaml has. */
  #addRemoved(cluster: ClusterFolderFacts, facts: ClusterFacts | undefined): void {
    const before = cluster.before();
    if (!before) return;
    const file = `${cluster.folder}/cluster.yaml`;
    const text = facts ? "it was removed from cluster.yaml" : "its cluster was removed";
    const removed: Cause[] = [{ text, paths: this.#changes.at(file) }];
    if (before.support && !facts?.support) {
      this.support.add(cluster.name, { cluster: cluster.name }, removed, true);
    }
    const isThere = (hub: HubFacts) =>
      facts?.hubs.some(({ name, environment }) => name === hub.name && environment === hub.environment);
    for (const hub of before.hubs) if (!isThere(hub)) this.#addHub(cluster.name, hub, removed, true);
  }

  /** The images that the cluster's nodes hold ready. */
  #addOffered(cluster: ClusterFolderFacts, declared: readonly Cause[]): void {
    const { name, folder } = cluster;
    const shared = this.#shared(folder);
    if (shared.length === 0 && !cluster.offersImages()) return;
    const wide = this.#wide.of(`clusters/${name}`, "staging", "prod");
    this.images.add(`clusters/${name}`, { name: `clusters/${name}` }, [...shared, ...declared, ...wide]);
  }

  #causesOf(release: ReleaseFacts, folder: string): Cause[] {
    const images = this.#images.size === 0 ? [] : release.images();
    for (const image of images) {
      const name = `images/${image.split("/").at(-1)}`;
      this.images.add(name, { name }, this.#images.get(image) ?? []);
    }
    return [
      ...(release.chart === undefined ? [] : (this.#charts.get(release.chart) ?? [])),
      ...filesChanged(release.values, this.#changes, folder, "values files"),
      ...filesChanged(release.files, this.#changes, folder),
      ...images.flatMap((image) => this.#contentOf(image)),
    ];
  }

  /** Why hubs that use an image are deployed: its content, not how it is built elsewhere. */
  #contentOf(image: string): Cause[] {
    const paths = this.#changes.within(image);
    return paths.length === 0 ? [] : [{ text: `the image ${image.split("/").at(-1)} changed`, paths }];
  }
}

/** By the folder of each chart that changes, or that takes one which does. */
function chartCauses({ charts }: CatalogFacts, changes: Changes): Map<string, Cause[]> {
  const found = [...charts].map(([folder, taken]): [string, Cause[]] => {
    const name = folder.split("/").at(-1) ?? folder;
    const own = changes.within(folder);
    const others = taken.flatMap((other): Cause[] => {
      const paths = changes.within(other).filter((path) => !own.includes(path));
      const text = `the chart ${other.split("/").at(-1)} changed, which ${name} depends on`;
      return paths.length === 0 ? [] : [{ text, paths }];
    });
    return [
      folder,
      [...(own.length === 0 ? [] : [{ text: `the chart ${name} changed`, paths: own }]), ...others],
    ];
  });
  return new Map(found.filter(([, causes]) => causes.length > 0));
}

/** By the folder of each image that changes, or that everything is built again for. */
function imageCauses({ images }: CatalogFacts, changes: Changes, wide: WideCauses): Map<string, Cause[]> {
  const found = images.map(({ folder }): [string, Cause[]] => {
    return [folder, [...folderChanged(folder, changes), ...wide.of("images", "staging", "prod")]];
  });
  return new Map(found.filter(([, causes]) => causes.length > 0));
}
