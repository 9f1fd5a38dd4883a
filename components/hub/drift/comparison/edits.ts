import { type KubernetesObject, objectName } from "../../release/api/kubernetes-object.ts";
import { additions } from "./additions.ts";
import { differences } from "./differences.ts";
import { comparable } from "./expected.ts";
import { type FieldPath, pathText } from "./field-path.ts";
import { helmsOf, isEditor, mergeKeysAt, type Owner, ownersOf as ownersOfObject, owns } from "./ownership.ts";

/** How an object differs from what was deployed, because somebody edited it. */
export interface Edit {
  readonly kind: "gone" | "changed" | "removed" | "added";
  /** `ConfigMap hub` */
  readonly object: string;
  /** `data["hub.py"]`; undefined where the object is gone. */
  readonly field?: string | undefined;
  /** Who edited it, as far as the object knows: `kubectl-edit`. A removal leaves no name. */
  readonly manager?: string | undefined;
  /** When, in ISO 8601. */
  readonly time?: string | undefined;
}

/** An edit with what is needed to undo it. */
export interface FoundEdit extends Edit {
  readonly path: FieldPath;
}

/**
 * The edits of an object: fields of the manifest that somebody else gave another value, fields that were removed,
 * and fields that somebody added.
 * @param actual the object as it is; undefined where it is gone
 * @param home the namespace of the release
 * @param missing fields of the manifest that the object never had, as the API or a webhook refused them; undefined
 *   where that is not known, as nobody looked after the last deployment
 */
export function editsOf(
  manifest: KubernetesObject,
  actual: KubernetesObject | undefined,
  home: string,
  missing: ReadonlySet<string> | undefined,
): FoundEdit[] {
  const object = objectName(manifest, home);
  if (actual === undefined) return removesItself(manifest) ? [] : [{ kind: "gone", object, path: [] }];
  const expected = comparable(manifest);
  const owners = ownersOfObject(actual);
  const helms = helmsOf(owners);
  const editors = owners.filter((owner) => isEditor(owner, helms));
  const found = differences(expected, actual, (path) => mergeKeysAt(owners, path)).flatMap(
    ({ kind, path }): FoundEdit[] => {
      const field = pathText(path);
      if (kind === "removed")
        return missing === undefined || missing.has(field) ? [] : [{ kind, object, field, path }];
      const editor = editors.find((owner) => owns(owner, path));
      return editor === undefined ? [] : [{ kind, object, field, path, ...authorOf(editor) }];
    },
  );
  const more = editors
    .filter(({ subresource }) => subresource === undefined)
    .flatMap((editor) =>
      additions(editor.fields, expected, actual).map(
        (path): FoundEdit => ({ kind: "added", object, field: pathText(path), path, ...authorOf(editor) }),
      ),
    );
  return [...found, ...withoutRepeats(more)];
}

/** The fields of a manifest that an object does not have right after it was deployed. */
export function missingFields(manifest: KubernetesObject, actual: KubernetesObject): string[] {
  const owners = ownersOfObject(actual);
  return differences(comparable(manifest), actual, (path) => mergeKeysAt(owners, path))
    .filter(({ kind }) => kind === "removed")
    .map(({ path }) => pathText(path));
}

const authorOf = ({ manager, time }: Owner) => ({ manager, ...(time === undefined ? {} : { time }) });

/** A Job that is deleted some time after it ended is not gone by anybody's hand. */
function removesItself({ kind, spec }: KubernetesObject): boolean {
  return kind === "Job" && typeof spec === "object" && spec !== null && "ttlSecondsAfterFinished" in spec;
}

const withoutRepeats = (edits: readonly FoundEdit[]) => [
  ...new Map(edits.map((edit) => [edit.field, edit])).values(),
];

/** One line for people: what, who and when. */
export function editText({ kind, object, field, manager, time }: Edit): string {
  if (kind === "gone") return `${object} is gone`;
  const who = manager === undefined ? "" : ` by ${manager}`;
  const when = time === undefined ? "" : ` at ${time}`;
  return `${object}: ${field} was ${kind}${who}${when}`;
}
