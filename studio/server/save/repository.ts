import { posix, relative, sep } from "node:path";
import { repositoryRoot } from "../../../cli/plan/changed/repository.ts";
import { LecternError } from "../../../components/problem/problem.ts";
import type { StudioContext } from "../context.ts";
import { problem } from "./git/git.ts";

/** The git repository that a catalog is in. Its paths begin at its root and have `/`. */
export interface CatalogRepository {
  readonly root: string;
  readonly catalog: string;
  /** The folder of the project; empty where it is the root. */
  readonly project: string;
  /** @param file from the catalog's folder */
  readonly pathOf: (file: string) => string;
}

/** @throws {LecternError} where the catalog is in none */
export function catalogRepository({ root: project, catalog }: StudioContext): CatalogRepository {
  const root = repositoryRoot(project);
  if (root === undefined) throw new LecternError(NO_REPOSITORY);
  const within = (path: string) => relative(root, path).split(sep).join("/");
  const folder = within(catalog);
  return { root, catalog: folder, project: within(project), pathOf: (file) => posix.join(folder, file) };
}

const NO_REPOSITORY = problem(
  "no-repository",
  "the catalog is in no git repository, so changes can't be proposed",
  "Run `git init` in the project's folder, and commit the catalog",
);
