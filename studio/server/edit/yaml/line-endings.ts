import { diffLines } from "../line-difference.ts";

/** Gives a changed text, whose lines end in \n, the line endings of the original: its own to each line that stays. */
export function withEndingsOf(original: string, changed: string): string {
  const windows = original.match(/\r\n/g)?.length ?? 0;
  if (windows === 0) return changed;
  const all = original.match(/\n/g)?.length ?? 0;
  if (windows === all) return changed.replaceAll("\n", "\r\n");
  const before = original.split(/(?<=\n)/);
  const after = changed.split(/(?<=\n)/);
  const usual = windows * 2 > all ? "\r\n" : "\n";
  const plain = before.map((line) => line.replace("\r\n", "\n"));
  return diffLines(plain, after)
    .flatMap(({ kind, before: from, after: to, count }) => {
      if (kind === "same") return before.slice(from, from + count);
      if (kind === "removed") return [];
      return after.slice(to, to + count).map((line) => line.replace(/\n$/, usual));
    })
    .join("");
}
