/** A resource in a state, as far as order goes. */
export interface Stored {
  readonly urn: string;
  /** Whether the engine refuses to remove it. */
  readonly protect?: boolean;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
}

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly error?: string;
  readonly failed?: true;
}

/** What each resource depends on, by name: the same on every engine. */
export function dependenciesOf(resources: readonly Stored[]): Record<string, readonly string[]> {
  return Object.fromEntries(resources.map((one) => [named(one.urn), directly(one).map(named).sort()]));
}

/**
 * The pairs of steps that ended in the wrong order: what depends on something comes after it, and is
 * deleted before it.
 * @param steps in the order in which they ended
 * @param before the state before them, which says what the deleted resources depended on
 */
export function outOfOrder(
  steps: readonly Step[],
  before: readonly Stored[],
  after: readonly Stored[],
): string[] {
  const ended = steps.filter(({ error, failed }) => error === undefined && !failed);
  const places = (ops: RegExp) =>
    new Map(ended.flatMap(({ op, urn }, index) => (ops.test(op) ? [[urn, index] as const] : [])));
  const made = places(/^(create|update|replace)$/);
  const deleted = places(/^delete$/);
  return [
    ...pairs(after, made).filter(({ dependent, dependency }) => dependent < dependency),
    ...pairs(before, deleted).filter(({ dependent, dependency }) => dependent > dependency),
  ].map(({ name }) => name);
}

/** Both ends of each dependency that have a place. */
function pairs(resources: readonly Stored[], places: ReadonlyMap<string, number>) {
  return resources.flatMap((resource) =>
    directly(resource).flatMap((on) => {
      const [dependent, dependency] = [places.get(resource.urn), places.get(on)];
      const name = `${named(resource.urn)} on ${named(on)}`;
      return dependent === undefined || dependency === undefined ? [] : [{ name, dependent, dependency }];
    }),
  );
}

const directly = ({ dependencies = [], propertyDependencies = {} }: Stored): string[] => [
  ...new Set([...dependencies, ...Object.values(propertyDependencies).flat()]),
];

/** `Kernel python`, of a URN. */
function named(urn: string): string {
  const [types = "", name = ""] = urn.split("::").slice(2);
  return `${types.split("$").at(-1)?.split(":").at(-1)} ${name}`;
}
