/** One thing that differs between two images: without `before` it is added, without `after` it is removed. */
export interface NamedChange {
  readonly name: string;
  readonly before?: string;
  readonly after?: string;
}

/** What has to be done to the one to get the other, by name. */
export function changesBetween(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): NamedChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names
    .map((name) => ({ name, before: before.get(name), after: after.get(name) }))
    .filter((change) => change.before !== change.after)
    .map((change) => ({
      name: change.name,
      ...(change.before === undefined ? {} : { before: change.before }),
      ...(change.after === undefined ? {} : { after: change.after }),
    }));
}

/** `numpy (pypi) 1.26.4 → 2.3.5`, `scipy (pypi) 1.16.3 added`, `nose (pypi) 1.3.7 removed`. */
export function changeText({ name, before, after }: NamedChange): string {
  if (before === undefined) return `${name} ${after ?? ""} added`;
  return after === undefined ? `${name} ${before} removed` : `${name} ${before} → ${after}`;
}
