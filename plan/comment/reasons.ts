import type { CommentInput, LessonDifference } from "./comment-input.ts";
import type { ChangedThing } from "./preview/stack-view.ts";
import { code, inert, link } from "./text/inert.ts";
import { counted, shortened } from "./text/wording.ts";

/** Why a thing changes, and how: the differences that matter, as pieces of one line. */
export function reasonsOf(thing: ChangedThing, input: CommentInput): string[] {
  const { id, op, image, details, changed } = thing;
  const lessons = id === undefined ? undefined : input.differences?.notebooks.get(id);
  const told = [
    ...(lessons && lessons.length > 0 ? lessonReasons(lessons, input) : []),
    ...(image ? [imageReason(image, input.differences?.images.get(id ?? ""))] : []),
    ...details.filter((text) => !isTold(text, lessons)).map((text) => inert(shortened(text, LONGEST))),
  ];
  if (told.length > 0) return told;
  if (op === "create") return ["new"];
  return changed.length === 0 ? [] : [pathsOf(thing)];
}

/** The first inputs that change, where nothing else is known. */
export const pathsOf = ({ changed }: Pick<ChangedThing, "changed">): string =>
  changed.slice(0, 4).map(code).join(", ");

/** How many characters one line has at the most: a message may be a whole log. */
const LONGEST = 400;

/** The engine's line about a notebook that its cells already tell of. */
const isTold = (text: string, lessons: readonly LessonDifference[] = []) =>
  lessons.some(({ label }) => text.startsWith(`${label}: notebook `) || text === `${label} added`);

function lessonReasons(lessons: readonly LessonDifference[], { links }: CommentInput): string[] {
  const shown = lessons.slice(0, 3).map(lessonReason);
  const more = lessons.length > 3 ? [`${lessons.length - 3} more notebooks`] : [];
  const rendered = links.artifact === undefined ? [] : [link("rendered difference", links.artifact)];
  return [...shown, ...more, ...rendered];
}

/** What a notebook's cells tell of a lesson. */
export function lessonReason({ label, change, cells }: LessonDifference): string {
  if (!cells || change !== "changed") return `${inert(label)}: notebook ${change}`;
  const counts = [
    [cells.changed, "changed"],
    [cells.added, "added"],
    [cells.removed, "removed"],
  ] as const;
  const texts = counts.flatMap(([count, word]) => (count > 0 ? [`${counted(count, "cell")} ${word}`] : []));
  const outputs = cells.outputs > 0 ? [`outputs of ${counted(cells.outputs, "cell")}`] : [];
  return `${inert(label)}: ${[...texts, ...outputs].join(", ") || "metadata changed"}`;
}

type NamedImages = { readonly before?: string; readonly after?: string };

/** ``image `2026.1` → `2026.2` (`8706b719ce1b` → `4ac01e…`)``. */
function imageReason({ before, after }: NamedImages, named: NamedImages = {}): string {
  const tags = [named.before, named.after].map((one) => (one === undefined ? undefined : code(tagOf(one))));
  const digests = [before, after].map((one) => (one === undefined ? undefined : code(shortDigestOf(one))));
  const byTag = tags.every((tag) => tag !== undefined);
  const [old, now] = byTag ? tags : digests;
  const arrow = old === undefined ? (now ?? "") : `${old} → ${now ?? "none"}`;
  const exact = byTag ? ` (${digests.filter((one) => one !== undefined).join(" → ")})` : "";
  return `image ${arrow}${exact}`;
}

const shortDigestOf = (image: string) => image.split("@sha256:")[1]?.slice(0, 12) ?? image;

/** The tag of an image, or all of it where it has none. */
function tagOf(image: string): string {
  const [name = image] = image.split("@");
  return /:([\w.-]+)$/.exec(name)?.[1] ?? image;
}
