import { isImmutable, type UnnamedTag } from "./tag.ts";
import { parseTag } from "./tag-grammar.ts";

/**
 * What tags that name one image for good look like, beside those of the grammar. Wide: a tag that is taken for
 * one of them can't be moved, one that is not can be overwritten.
 */
const FORMS = {
  /** `1.2.3`, `v1`, `3.12-slim`, `20260501`: it begins with a number. */
  version: /^v?\d+(?:[-._+].*)?$/i,
  /** A day or a month anywhere in it: `2024.01.15`, `nightly-2024-01-15`, `lab-20240115`, `2024.01`. */
  date: /(?:^|[-._])(?:19|20)\d\d(?:([-._]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])|[-._](?:0[1-9]|1[0-2]))(?:[-._T]|$)/,
  /** Seven or more hexadecimal digits at its end: `3f2a1bc`, `sha-3f2a1bc`, `main-3f2a1bc`. */
  commit: /^(?:.*[-._])?g?(?=[0-9a-f]*\d)[0-9a-f]{7,64}$/,
} as const;

const isFormName = (form: string): form is keyof typeof FORMS => Object.hasOwn(FORMS, form);

/** The names of the forms that a policy can list; anything else there is a regular expression. */
export const FORM_NAMES: readonly string[] = Object.keys(FORMS);

/** Whether a tag names one image for good: by the grammar, or by one of the forms of a policy. */
export type IsFixed = (tag: UnnamedTag) => boolean;

/**
 * @param forms names of forms, and regular expressions that match whole tags
 * @throws {SyntaxError} for a malformed expression
 */
export function fixedBy(forms: readonly string[] = FORM_NAMES): IsFixed {
  const patterns = forms.map((form) => (isFormName(form) ? FORMS[form] : new RegExp(`^(?:${form})$`, "u")));
  return (tag) =>
    isImmutable(tag) || (tag.kind === "unknown" && patterns.some((form) => form.test(tag.text)));
}

/**
 * What people read for a tag: by the grammar, which would take a part of `2024-01-15` for an architecture.
 * @param isFixed whether a tag is of another form, read whole. @default by the forms that count by default
 */
export function shownName(text: string, isFixed: IsFixed = isByDefault): string {
  const tag = parseTag(text);
  return tag.kind === "unknown" && isFixed(tag) ? text : tag.name;
}

const isByDefault = fixedBy();
