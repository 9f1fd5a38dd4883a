import type { ActiveFinding } from "./html/html-active.ts";

/** Something that would act, and where it is in the text (UTF-16 units). */
export interface ActiveContent extends ActiveFinding {
  readonly offset: number;
}

/** An image that a text shows: its address with entities decoded, and where it is. */
export interface ShownImage {
  readonly address: string;
  readonly offset: number;
  /** Whether a MyST directive shows it. */
  readonly isDirective?: true;
}

/** What a text holds that a check looks at. */
export interface MarkupFindings {
  readonly active: readonly ActiveContent[];
  readonly images: readonly ShownImage[];
}

/** What was found, and whether a tag is still open at the end. */
export type PageFindings = MarkupFindings & { readonly isOpen: boolean };
