/** What users of a hub see of a profile. */
interface SeenProfile {
  readonly slug: string;
  readonly display_name: string;
}

/** Which image is recommended, by the name of the menu's entry. */
export type RecommendedTags = Readonly<Record<string, string | undefined>>;

/** What is offered by a hub. */
export interface Offer {
  readonly profiles: readonly SeenProfile[];
  /** By the entry of images.yaml. */
  readonly recommended: RecommendedTags;
}

/** What users would notice of another offer, a sentence each without a full stop. */
export function offerChanges(before: Offer, after: Offer): string[] {
  const nameIn = (slug: string, { profiles }: Offer) =>
    profiles.find((profile) => profile.slug === slug)?.display_name;
  const added = after.profiles.filter(({ slug }) => nameIn(slug, before) === undefined);
  const removed = before.profiles.filter(({ slug }) => nameIn(slug, after) === undefined);
  const renamed = after.profiles.flatMap(({ slug, display_name: now }) => {
    const was = nameIn(slug, before);
    return was === undefined || was === now ? [] : [`The profile ${was} is now called ${now}`];
  });
  const moved = Object.entries(after.recommended).flatMap(([entry, tag]) => {
    const was = before.recommended[entry];
    return was === undefined || tag === undefined || was === tag
      ? []
      : [`The recommended image of ${entry} is now ${tag}; it was ${was}`];
  });
  return [
    ...added.map((profile) => `The profile ${profile.display_name} is new`),
    ...removed.map((profile) => `The profile ${profile.display_name} is no longer offered`),
    ...renamed,
    ...moved,
  ];
}

/** Whether a change of what is recommended is the last that was told of that entry: users need not read it twice. */
export function isTold(change: string, told: readonly { readonly text: string }[]): boolean {
  const [entry] = /^The recommended image of \S+ is now /.exec(change) ?? [];
  return entry !== undefined && told.findLast(({ text }) => text.startsWith(entry))?.text === change;
}
