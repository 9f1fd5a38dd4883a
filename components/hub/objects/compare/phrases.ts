import type { FieldChange } from "../hub-changes.ts";
import type { Difference } from "./differences.ts";
import { type FieldPath, fieldPath, lastOf, type PathStep } from "./field-path.ts";
import { podTemplateOf } from "./normalise.ts";
import { shown } from "./shown.ts";

/** What a change of a pod's checksum annotation is for, whatever the annotation is called. */
const CONFIGURATION_CHANGED = "restarts because its configuration changed";

/** The object that a field is of, as far as its words depend on it. */
export interface PhraseContext {
  readonly kind: string;
  /** Whether its pods have more than one container, so that each is named. */
  readonly manyContainers: boolean;
  /** Whether neither side may be shown. */
  readonly isMasked: boolean;
}

type Sides = Pick<FieldChange, "before" | "after">;

/** A change in the words of its field: `env LOG_LEVEL INFO → DEBUG`, `+volume data`, `replicas 1 → 2`. */
export function phraseOf(difference: Difference, sides: Sides, context: PhraseContext): string {
  const { path, change, reordered } = difference;
  const template = podTemplateOf(context.kind);
  const inPod =
    template !== undefined && startsWith(path, template) ? path.slice(template.length) : undefined;
  if (inPod && isChecksum(inPod)) return CONFIGURATION_CHANGED;
  const { words, isWhole } = wordsOf(path, inPod, context);
  if (reordered) return `${words}: another order`;
  if (isWhole && change !== "changed") return `${change === "added" ? "+" : "-"}${words}`;
  if (isListOfTexts(difference)) return listPhrase(words, difference, context);
  return `${words} ${transition(difference, sides)}`;
}

const startsWith = (path: FieldPath, start: readonly string[]) =>
  start.every((step, index) => path[index] === step) && path.length > start.length;

/** An annotation of a pod that charts change to restart it. */
function isChecksum([first, second, key]: FieldPath): boolean {
  return (
    first === "metadata" &&
    second === "annotations" &&
    typeof key === "string" &&
    /checksum|sha256|hash/i.test(key)
  );
}

interface Words {
  readonly words: string;
  /** Whether the path is a thing of its own, which is added or removed whole. */
  readonly isWhole: boolean;
}

function wordsOf(path: FieldPath, inPod: FieldPath | undefined, context: PhraseContext): Words {
  if (inPod === undefined || context.kind === "Pod") {
    const top = topWords(path);
    if (top) return top;
  }
  if (inPod?.[0] === "metadata") {
    const top = topWords(inPod);
    if (top) return { ...top, words: `pod ${top.words}` };
  }
  if (inPod?.[0] === "spec") return podWords(inPod.slice(1), context);
  const own = path[0] === "spec" && path.length > 1 ? path.slice(1) : path;
  return itemWords(own) ?? { words: fieldPath(own), isWhole: isItem(path.at(-1)) };
}

const isItem = (step: PathStep | undefined) => typeof step === "object" && typeof step.item === "string";

function topWords(path: FieldPath): Words | undefined {
  const [first, second, key] = path;
  if (first === "metadata" && (second === "labels" || second === "annotations") && path.length === 3) {
    return { words: `${second.slice(0, -1)} ${key}`, isWhole: false };
  }
  if ((first === "data" || first === "binaryData") && path.length === 2) {
    return { words: `key ${second}`, isWhole: true };
  }
  return undefined;
}

const NOUNS: Readonly<Record<string, string>> = {
  env: "env",
  ports: "port",
  volumeMounts: "mount",
  volumes: "volume",
};

/** @param path below the pod's spec */
function podWords(path: FieldPath, { manyContainers }: Pick<PhraseContext, "manyContainers">): Words {
  const [list, item, ...rest] = path;
  if ((list === "containers" || list === "initContainers") && isItem(item)) {
    const kind = list === "containers" ? "container" : "init container";
    const name = lastOf([item as PathStep]);
    if (rest.length === 0) return { words: `${kind} ${name}`, isWhole: true };
    const inner = itemWords(rest) ?? resourceWords(rest) ?? { words: fieldPath(rest), isWhole: false };
    return manyContainers ? { ...inner, words: `${inner.words} of ${kind} ${name}` } : inner;
  }
  return itemWords(path) ?? { words: fieldPath(path), isWhole: false };
}

/** An item of a list that people know by one word, or a field in it. */
function itemWords([list, item, ...rest]: FieldPath): Words | undefined {
  const noun = typeof list === "string" ? NOUNS[list] : undefined;
  if (noun === undefined || !isItem(item)) return undefined;
  const name = `${noun} ${lastOf([item as PathStep])}`;
  if (rest.length === 0) return { words: name, isWhole: true };
  const isValue = list === "env" && rest.length === 1 && rest[0] === "value";
  return { words: isValue ? name : `${name} ${fieldPath(rest)}`, isWhole: false };
}

/** `resources.limits.memory` → `memory limit`. */
function resourceWords([first, kind, name, ...rest]: FieldPath): Words | undefined {
  if (first !== "resources" || rest.length > 0 || name === undefined) return undefined;
  if (kind !== "limits" && kind !== "requests") return undefined;
  return { words: `${lastOf([name])} ${kind.slice(0, -1)}`, isWhole: false };
}

const isListOfTexts = ({ before, after }: Difference) => Array.isArray(before) && Array.isArray(after);

/** Which items came and went, where the sides may be shown. */
function listPhrase(words: string, { before, after }: Difference, { isMasked }: PhraseContext): string {
  const [old, now] = [before, after] as [unknown[], unknown[]];
  if (isMasked) return `${words} changed`;
  const [removed, added] = [missing(old, now), missing(now, old)];
  if (removed.length === 0 && added.length === 0) return `${words}: another order`;
  if (removed.length === 1 && added.length === 1) return `${words}: ${removed[0]} → ${added[0]}`;
  const changes = [...added.map((item) => `+${item}`), ...removed.map((item) => `-${item}`)];
  return `${words}: ${changes.join(", ")}`;
}

function missing(items: readonly unknown[], from: readonly unknown[]): string[] {
  const left = [...from];
  return items.flatMap((item) => {
    const found = left.indexOf(item);
    if (found === -1) return [shown(item) ?? "…"];
    left.splice(found, 1);
    return [];
  });
}

function transition({ change }: Difference, { before, after }: Sides): string {
  if (change === "added") return after === undefined ? "added" : `unset → ${after}`;
  if (change === "removed") return before === undefined ? "removed" : `${before} → unset`;
  // Both are masked or too long: that they differ is all there is to say.
  return before === undefined || after === undefined || before === after ? "changed" : `${before} → ${after}`;
}
