import leven from "leven";

/**
 * The known names that a mistyped one most likely meant, nearest first, equally near ones as given,
 * at most three.
 * A name is near when at most half of its characters would have to change.
 */
export function nearest(word: string, known: Iterable<string>): string[] {
  return [...known]
    .map((name) => ({ name, distance: distance(word, name) }))
    .filter(({ name, distance }) => distance <= Math.max(word.length, name.length) / 2)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** How many characters would have to change to make one name the other, whatever their case. */
export const distance = (one: string, other: string) => leven(one.toLowerCase(), other.toLowerCase());

/** `Did you mean "a" or "b"?`, or the fallback where nothing is near. */
export function didYouMean(word: string, known: Iterable<string>, fallback: string): string {
  const names = nearest(word, known).map((name) => JSON.stringify(name));
  return names.length === 0 ? fallback : `Did you mean ${names.join(" or ")}?`;
}
