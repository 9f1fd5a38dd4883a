/** The first names of many. */
function listed(names: readonly string[]): string {
  const [some, left] = [names.slice(0, 5), names.length - 5];
  return left > 0 ? `${some.join(", ")} and ${left} more` : some.join(", ");
}

/** The texts of the page Images. */
export const imageStrings = {
  title: "Images",
  lead: "Which images the hubs of a cluster offer, and every node holds ready.",
  none: "The catalog has no cluster. `npx lectern new cluster` makes one.",
  noEntry: "This cluster has no entry yet: its profiles offer no menu of images.",
  newEntry: {
    title: "Add an entry",
    key: "Name of the entry",
    keyHelp: "Profiles refer to it.",
    keyExample: "science",
    repositoryExample: "ghcr.io/my-university/science",
    repositoryHelp: "Where its images are, without a tag.",
    malformed: "Write up to 63 letters, digits, dots, - and _",
    taken: "There is an entry of this name: choose another name",
    missing: "Write the repository, such as ghcr.io/my-university/science",
    add: "Add entry",
  },
  remove: (entry: string) => `Delete ${entry}`,
  users: (names: readonly string[]) =>
    names.length === 0
      ? "No profile offers it, so it can be deleted."
      : `Offered by ${listed(names)}; it can be deleted once no profile offers it.`,
  cluster: "Cluster",
  repository: "Repository",
  fields: { display_name: "Name in menus", repository: "Repository" },
  displayNameHelp: "Begins the names of its images in a profile that offers several entries.",
  alias: (alias: string) => `moves the tag ${alias}`,
  recommended: "Recommended",
  noRecommended: "the tag that the registry calls recommended",
  recommend: "Recommend another image",
  recommendHelp: "It heads the menu. Choose a newer image to promote it, an earlier one to roll back.",
  isRecommended: "is recommended now",
  mayMove: "may name another image tomorrow, so the alias can't follow it",
  back: (tag: string) => `Back to ${tag}`,
  moves: (from: string, to: string) =>
    `Users who chose what is recommended get ${to} instead of ${from} when they start again.`,
  counts: { releases: "Newest releases", weeklies: "Newest weeklies", dailies: "Newest dailies" },
  countFault: "Write a number, 0 or more",
  menu: "The menu",
  prepull: "Held ready on every node",
  asked: "Asking the registry…",
  tags: (count: number) => `${count} ${count === 1 ? "tag" : "tags"} in the repository`,
  pinned: "Always offered",
  pin: "Offer another image always",
  pinHelp: "It is in the menu however old it is.",
  isPinned: "is offered always",
  unpin: (tag: string) => `No longer offer ${tag} always`,
} as const;
