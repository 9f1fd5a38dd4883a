import { diffLines, type Run } from "../../edit/line-difference.ts";

const CONTEXT = 3;

/** The difference of two texts as `git diff` writes it, without the names of files. Empty where they are the same. */
export function unifiedDifference(before: string, after: string): string {
  const [old, now] = [linesOf(before), linesOf(after)];
  const lines = diffLines(old, now).flatMap((run) => shown(run, old, now));
  const changed = lines.flatMap(({ sign }, index) => (sign === " " ? [] : [index]));
  const hunks: [number, number][] = [];
  for (const index of changed) {
    const last = hunks.at(-1);
    if (last && index - CONTEXT <= last[1] + CONTEXT + 1) last[1] = index;
    else hunks.push([index, index]);
  }
  return hunks
    .map(([first, last]) => hunk(lines.slice(Math.max(0, first - CONTEXT), last + CONTEXT + 1)))
    .join("");
}

interface Line {
  readonly sign: " " | "-" | "+";
  readonly text: string;
  /** Its number, or that of the one before it, in either text. */
  readonly before: number;
  readonly after: number;
}

const linesOf = (text: string) => (text === "" ? [] : text.split(/(?<=\n)/));

function shown({ kind, before, after, count }: Run, old: readonly string[], now: readonly string[]): Line[] {
  return Array.from({ length: count }, (_, index): Line => {
    if (kind === "removed")
      return { sign: "-", text: old[before + index] ?? "", before: before + index + 1, after };
    const text = now[after + index] ?? "";
    if (kind === "added") return { sign: "+", text, before, after: after + index + 1 };
    return { sign: " ", text, before: before + index + 1, after: after + index + 1 };
  });
}

function hunk(lines: readonly Line[]): string {
  const [old, now] = [lines.filter(({ sign }) => sign !== "+"), lines.filter(({ sign }) => sign !== "-")];
  const range = (start: number | undefined, count: number) =>
    count === 1 ? `${start}` : `${start},${count}`;
  const first = lines[0];
  const head = `@@ -${range(old[0]?.before ?? first?.before, old.length)} +${range(now[0]?.after ?? first?.after, now.length)} @@\n`;
  const body = lines.map(({ sign, text }) =>
    text.endsWith("\n") ? `${sign}${text}` : `${sign}${text}\n\\ No newline at end of file\n`,
  );
  return head + body.join("");
}
