import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { seedExample } from "../../sandbox/services/registry/example.ts";
import { RegistryStore } from "../../sandbox/services/registry/store.ts";
import { freePorts } from "../services/cluster/server.ts";

const CATALOG = join(import.meta.dirname, "catalog");
const SERVICES = ["qbook", "registry", "gateway"] as const;
/** What the services hold of a deployment, as files. The registry's images are seeded again instead. */
const KEPT = ["qbook/articles", "qbook/kernels.json", "gateway/kernels"];

/** Where a recorded deployment lives on this machine: all that its texts name by a placeholder. */
export class Place {
  readonly folder: string;
  readonly repository: string;
  readonly catalog: string;
  readonly services: string;
  /** The home folder of whoever deploys, with the way to the cluster. */
  readonly home: string;
  #ports: readonly number[] = [];

  /** A place in an empty folder, with the catalog in a repository of its own. */
  static async make(folder: string): Promise<Place> {
    const place = new Place(folder);
    mkdirSync(place.repository, { recursive: true });
    cpSync(CATALOG, place.catalog, { recursive: true });
    const git = (...args: string[]) => execFileSync("git", args, { cwd: place.repository });
    git("init", "--quiet", "--initial-branch=main");
    git("add", "--all");
    git(
      "-c",
      "user.name=test",
      "-c",
      "user.email=test@example.org",
      "commit",
      "--quiet",
      "--message=catalog",
    );
    place.#ports = await freePorts(SERVICES.length);
    // The services take the port of their last run.
    for (const [index, name] of SERVICES.entries()) {
      mkdirSync(join(place.services, name), { recursive: true });
      writeFileSync(join(place.services, name, "port"), String(place.#ports[index]));
    }
    return place;
  }

  private constructor(folder: string) {
    this.folder = folder;
    this.repository = join(folder, "repository");
    this.catalog = join(this.repository, "catalog");
    this.services = join(folder, "services");
    this.home = join(folder, "home");
  }

  /** Keeps in `record` what the services hold and the text of the state, without what is of this place. */
  keep(record: string, state: string, checkout: string): void {
    rmSync(record, { recursive: true, force: true });
    mkdirSync(record, { recursive: true });
    for (const kept of KEPT) cpSync(join(this.services, kept), join(record, kept), { recursive: true });
    writeFileSync(join(record, "state.json"), withoutOrigin(state));
    for (const file of filesIn(record)) rewrite(file, this.#names(checkout));
  }

  /** Brings the services to what they held when the record was made. @returns the path of its state */
  async take(record: string, checkout: string): Promise<string> {
    const names = this.#names(checkout).map(([value, name]): [string, string] => [name, value]);
    for (const kept of KEPT) cpSync(join(record, kept), join(this.services, kept), { recursive: true });
    const state = join(this.folder, "state.json");
    cpSync(join(record, "state.json"), state);
    for (const file of [state, ...KEPT.flatMap((kept) => filesIn(join(this.services, kept)))]) {
      rewrite(file, names);
    }
    await this.#moveAliases(readFileSync(state, "utf8"));
    return state;
  }

  /** What the services hold, by the files' paths: what a write call would change. */
  contents(): Record<string, string> {
    const files = [...KEPT, "registry"].flatMap((held) => filesIn(join(this.services, held)));
    return Object.fromEntries(files.map((file) => [file, readFileSync(file, "base64")]));
  }

  /** The calls of qBook's API that write. */
  writes(): string[] {
    const log = join(this.services, "qbook", "calls.jsonl");
    const lines = existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
    return lines.filter((line) => line !== "" && !line.includes('"method":"GET"'));
  }

  async #moveAliases(state: string): Promise<void> {
    const store = new RegistryStore(join(this.services, "registry"));
    await seedExample({ store });
    for (const { type, outputs } of JSON.parse(state).deployment.resources) {
      if (!type.endsWith(":ImageAlias")) continue;
      for (const [repository, { digest }] of Object.entries<{ digest: string }>(outputs.places)) {
        store.tag(repository.slice(repository.indexOf("/") + 1), { [outputs.alias]: digest });
      }
    }
  }

  /** What is of this machine and this run, and the placeholders for it; the longer ones first. */
  #names(checkout: string): (readonly [string, string])[] {
    return [
      [join(checkout, "sandbox/services/gateway/restart.ts"), "{{restart}}"],
      [process.execPath, "{{node}}"],
      [this.repository, "{{repository}}"],
      [this.services, "{{services}}"],
      ...SERVICES.map((name, index) => [`127.0.0.1:${this.#ports[index]}`, `{{${name}}}`] as const),
    ];
  }
}

/**
 * A state without what the engine adds of its own: where in the program a resource was made, and the
 * stack's configuration, which the dynamic resources' default provider keeps, secrets included.
 */
function withoutOrigin(text: string): string {
  const state = JSON.parse(text);
  delete state.deployment.secrets_providers;
  for (const resource of state.deployment.resources) {
    delete resource.sourcePosition;
    delete resource.stackTrace;
    if (resource.type !== "pulumi:providers:pulumi-nodejs") continue;
    delete resource.inputs;
    delete resource.outputs;
  }
  return `${JSON.stringify(state, null, 1)}\n`;
}

function rewrite(file: string, names: readonly (readonly [string, string])[]): void {
  const text = readFileSync(file, "utf8");
  writeFileSync(
    file,
    names.reduce((written, [from, to]) => written.replaceAll(from, to), text),
  );
}

function filesIn(path: string): string[] {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}
