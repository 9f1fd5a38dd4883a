/**
 * What a release is made of, by name, each with its digest: `chart`, `profiles`, `images/<name>`, and each values
 * file by the name that cluster.yaml gives it.
 */
export type Parts = Readonly<Record<string, string>>;

/** Parts that both sides need: one that is missing on a side is a difference. */
const ALWAYS = (name: string) => name === "chart" || name === "profiles" || name.startsWith("images/");

/**
 * Compares what production wants with what staging has deployed.
 * @param differs the names of what differs on purpose
 * @returns the names of what differs unexpectedly, as a text; undefined where nothing does. A values file counts
 * only where both name it: the others are a hub's own
 */
export function differenceOf(wanted: Parts, proven: Parts, differs: readonly string[]): string | undefined {
  const names = [...new Set([...Object.keys(wanted), ...Object.keys(proven)])].sort();
  const different = names.filter((name) => {
    if (differs.includes(name) || wanted[name] === proven[name]) return false;
    return ALWAYS(name) || (Object.hasOwn(wanted, name) && Object.hasOwn(proven, name));
  });
  return different.length === 0 ? undefined : different.join(", ");
}
