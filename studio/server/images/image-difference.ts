import { changesBetween } from "../../../components/image/packages/package-changes.ts";
import { parseRepository, parseTagName, type Repository } from "../../../components/image/reference.ts";
import type { ImageFacts, ImageLayer } from "../../../components/image/registry/registry-facts.ts";
import { LecternError, type Problem } from "../../../components/problem/problem.ts";
import type { ImageDifference } from "../../api/image-difference.ts";
import { caught } from "../caught.ts";
import type { Selections } from "./selections.ts";

/** How many changed packages are listed. */
const MOST_PACKAGES = 200;

type Layers = NonNullable<ImageDifference["layers"]>;

/** What differs between the images that two tags of a repository name now. */
export async function imageDifference(
  repositoryText: string,
  tags: { readonly from: string; readonly to: string },
  selections: Selections,
): Promise<ImageDifference> {
  const problems: Problem[] = [];
  const repository = parseRepository(repositoryText);
  const digestOf = (tag: string) => caught(existing(repository, tag, selections), problems);
  const [from, to] = await Promise.all([digestOf(tags.from), digestOf(tags.to)]);
  const answer = (found: Omit<ImageDifference, "problems">): ImageDifference => ({
    ...found,
    problems: problems.map(({ file: _file, ...problem }) => problem),
  });
  if (from === undefined || to === undefined) return answer({ isSame: false, labels: [] });
  if (from === to) return answer({ isSame: true, labels: [] });
  const both = [from, to];
  const [before, after] = await Promise.all(
    both.map((one) => caught(selections.facts(repository, one), problems)),
  );
  const [some, others] = await Promise.all(
    both.map((one) => caught(selections.packages(repository, one), problems)),
  );
  const packages = some && others ? changesBetween(some, others) : undefined;
  return answer({
    isSame: false,
    labels: before && after ? changesBetween(labelsOf(before), labelsOf(after)) : [],
    ...(packages && { packages: { changes: packages.slice(0, MOST_PACKAGES), count: packages.length } }),
    ...(before && after && { layers: layersBetween(before.layers, after.layers) }),
  });
}

async function existing(repository: Repository, tag: string, selections: Selections) {
  const digest = await selections.digest(repository, parseTagName(tag));
  if (digest !== undefined) return digest;
  throw new LecternError({
    code: "missing-tag",
    severity: "error",
    message: `the registry has no ${repository}:${tag}`,
    remedy: "Choose a tag that exists",
  });
}

const labelsOf = ({ labels }: ImageFacts): ReadonlyMap<string, string> => new Map(Object.entries(labels));

/** Which layers users' nodes have already, and which not. */
function layersBetween(before: readonly ImageLayer[], after: readonly ImageLayer[]): Layers {
  const [had, has] = [before, after].map((layers) => new Set(layers.map(({ digest }) => digest)));
  return {
    shared: counted(after.filter(({ digest }) => had?.has(digest))),
    removed: counted(before.filter(({ digest }) => !has?.has(digest))),
    added: counted(after.filter(({ digest }) => !had?.has(digest))),
  };
}

function counted(layers: readonly ImageLayer[]): Layers["shared"] {
  const sizes = new Map(layers.map(({ digest, size }) => [digest, size]));
  return { count: sizes.size, bytes: [...sizes.values()].reduce((sum, size) => sum + size, 0) };
}
