import { relative } from "node:path";

/** A path as people type it from where they are. */
export const shownPath = (path: string) => relative("", path) || ".";
