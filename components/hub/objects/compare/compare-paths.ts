import type { JsonObject } from "../../../json.ts";
import type { ValueChange } from "../hub-changes.ts";
import { differences } from "./differences.ts";
import { type FieldPath, fieldPath, lastOf } from "./field-path.ts";
import { isSecretName, MASK, masking } from "./masking.ts";
import { shown } from "./shown.ts";

/**
 * The paths in which a hub's values differ, with short values; what is or looks secret is masked. Values have no
 * fields of Kubernetes' own, so here every name that looks secret is one.
 * @param secrets values that are known to be secret
 */
export function comparePaths(
  before: JsonObject,
  after: JsonObject,
  secrets: Iterable<string> = [],
): ValueChange[] {
  const masks = masking(secrets);
  const hides = (path: FieldPath, value: unknown) =>
    value !== undefined && (path.some((step) => isSecretName(lastOf([step]))) || masks.hides(path, value));
  return differences(before, after).map(({ path, change, before, after }) => {
    const masked = hides(path, before) || hides(path, after);
    const side = (value: unknown) => (value === undefined ? undefined : masked ? MASK : shown(value));
    const [old, now] = [side(before), side(after)];
    return {
      path: fieldPath(path),
      change,
      ...(old === undefined ? {} : { before: old }),
      ...(now === undefined ? {} : { after: now }),
    };
  });
}
