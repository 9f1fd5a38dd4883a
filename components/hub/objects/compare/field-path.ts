/** One step of a field's path: a key of a map, or an item of a list by its index or by what names it. */
export type PathStep = string | { readonly item: string | number };
export type FieldPath = readonly PathStep[];

/** `spec.template.spec.containers[hub].env[LOG_LEVEL].value`; a key that is no plain word is quoted. */
export function fieldPath(path: FieldPath): string {
  return path
    .map((step, index) => {
      if (typeof step !== "string") return `[${step.item}]`;
      if (!/^[\w-]+$/.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join("");
}

/** The last step, as text. */
export const lastOf = (path: FieldPath): string => {
  const step = path.at(-1);
  return step === undefined ? "" : typeof step === "string" ? step : `${step.item}`;
};
