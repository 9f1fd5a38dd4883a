import type { Problem } from "../../../problem/problem.ts";
import type { Profile, ProfileOption, ProfilesFile } from "../profiles-file.ts";

/** A choice that binds servers to a node group. */
interface BoundChoice {
  readonly option: string;
  readonly choice: string;
  /** The slug of the node group. */
  readonly slug: string;
  /** Where the profile says so. */
  readonly path: readonly PropertyKey[];
}

/** The choices of a profile that name a node group. */
export function boundChoices({ profile_options: options = {} }: Profile): BoundChoice[] {
  return Object.entries(options).flatMap(([option, { choices = {} }]) =>
    Object.entries(choices).flatMap(([choice, { node_group: slug }]) =>
      slug === undefined
        ? []
        : [{ option, choice, slug, path: ["profile_options", option, "choices", choice, "node_group"] }],
    ),
  );
}

/**
 * What keeps choices from deciding on nodes: KubeSpawner adds the node selectors of a profile and of all its choices, and no node
 * may have two of them.
 */
export function boundTwice(profile: Profile, index: number, file: ProfilesFile): Problem[] {
  const bound = boundChoices(profile);
  const [first] = bound;
  const conflicting =
    profile.node_groups === undefined ? bound.filter(({ option }) => option !== first?.option) : bound;
  const by =
    profile.node_groups === undefined
      ? `the choices of the option ${JSON.stringify(first?.option)} decide`
      : "node_groups decides";
  return conflicting.map(({ path }) =>
    file.problem([index, ...path], {
      code: "two-placements",
      message: `${by} on nodes already, and no node is in two node groups`,
      remedy: "Name node groups in one of them",
    }),
  );
}

/** Whether servers of a profile without node groups run on any node: those with a choice that names none. */
export function runsAnywhere(profile: Profile): boolean {
  const options = Object.entries(profile.profile_options ?? {});
  // The images of a profile are choices, too, which name none.
  return !options.some(([key, option]) => key !== "image" && bindsAlways(option));
}

/** Whether each choice of an option names a node group, so that one always applies. */
function bindsAlways({ choices = {}, unlisted_choice: unlisted }: ProfileOption): boolean {
  const all = Object.values(choices);
  return (
    unlisted?.enabled !== true && all.length > 0 && all.every(({ node_group: slug }) => slug !== undefined)
  );
}
