import { leavesOf, RELEASE, type Resource } from "../resource.ts";

/** An exact version, as Helm's repositories have them; a range or none takes whatever is newest. */
const EXACT = /^v?\d+\.\d+\.\d+(-[\w.-]+)?(\+[\w.-]+)?$/;
const FOLDER = /^\.{0,2}\/|\.tgz$/;

/** What lets a release's chart become another one without a change in the repository. */
export function unpinnedChart({ type, props }: Resource): string[] {
  if (type !== RELEASE) return [];
  const texts = new Map(leavesOf(props).map(({ path, text }) => [path.join("."), text]));
  const [chart, version, repository] = ["chart", "version", "repositoryOpts.repo"].map((path) =>
    texts.get(path),
  );
  if (chart === undefined) return [];
  const isOfRepository = repository !== undefined && repository !== "";
  if (!isOfRepository && FOLDER.test(chart)) return [];
  if (version !== undefined && EXACT.test(version)) return [];
  const has = version === undefined || version === "" ? "no version" : `the version ${version}`;
  return [`the chart ${chart} has ${has}: name one exactly, such as 4.3.2`];
}
