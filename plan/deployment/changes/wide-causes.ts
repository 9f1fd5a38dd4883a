import type { ProjectFacts } from "../catalog-facts.ts";
import type { Environment } from "../deployment-plan.ts";
import type { Cause } from "./cause.ts";
import { nameIn } from "./cause.ts";
import type { Changes } from "./changes.ts";

const STACK_FILE = /^Pulumi\.([^/]+)\.ya?ml$/;
const PROJECT_FILE = /^Pulumi\.ya?ml$/;
const TEST_CODE = /\.test\.ts$|(^|\/)(testing|fixtures)\//;

/** Causes that concern more than one thing: the program that deploys, and the configuration of stacks. */
export class WideCauses {
  /** What everything is deployed for. */
  readonly everything: readonly Cause[];
  readonly #ofStacks: readonly {
    readonly cause: Cause;
    readonly environment: Environment;
    readonly parts: readonly string[] | undefined;
  }[];

  constructor(project: ProjectFacts, changes: Changes) {
    this.everything = programCauses(project, changes);
    this.#ofStacks = changes.all.flatMap((path) => {
      const name = inFolder(project.folder, path);
      const [, stack] = STACK_FILE.exec(name ?? "") ?? [];
      const facts = stack === undefined ? undefined : project.stackOf(stack);
      if (!facts) return [];
      return [{ cause: { text: `${name} changed`, paths: [path] }, ...facts }];
    });
  }

  /** Whether any concerns clusters. */
  get concernClusters(): boolean {
    return this.everything.length > 0 || this.#ofStacks.length > 0;
  }

  /** Those of a part of the catalog, in these environments. */
  of(part: string, ...environments: readonly Environment[]): Cause[] {
    const own = this.#ofStacks.filter(
      ({ environment, parts }) =>
        environments.includes(environment) && (parts === undefined || parts.includes(part)),
    );
    return [...this.everything, ...own.map(({ cause }) => cause)];
  }
}

function programCauses({ folder, program, lockfiles }: ProjectFacts, changes: Changes): Cause[] {
  const at = (name: string) => (folder === "" ? name : `${folder}/${name}`);
  const own = changes.all.filter((path) => PROJECT_FILE.test(inFolder(folder, path) ?? ""));
  const sources = program.flatMap((name) => changes.within(at(name))).filter((path) => !TEST_CODE.test(path));
  const locked = lockfiles.flatMap(({ file, change }): Cause[] => {
    const paths = changes.at(at(file));
    const text = paths.length === 0 ? undefined : change();
    return text === undefined ? [] : [{ text, paths }];
  });
  const causes = [...own, ...sources].map(
    (path): Cause => ({ text: `${nameIn(folder, path)} changed`, paths: [path] }),
  );
  if (causes.length <= 2) return [...causes, ...locked];
  const [first] = causes;
  const others = `${first?.text.replace(/ changed$/, "")} and ${causes.length - 1} more files of the program changed`;
  return [{ text: others, paths: causes.flatMap(({ paths }) => paths) }, ...locked];
}

/** A path's name in the project's folder; undefined where it is elsewhere. */
function inFolder(folder: string, path: string): string | undefined {
  if (folder === "") return path;
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
}
