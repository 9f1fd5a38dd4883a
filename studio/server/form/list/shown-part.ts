/** So many profiles are shown at once: a browser that draws a thousand of them stops for what somebody writes meanwhile. */
const MOST = 100;

/** A part of a list: its first and last item, counted from 1, and how many items the whole list has. */
interface Part {
  readonly from: number;
  readonly to: number;
  readonly of: number;
}

/** Of a long list, the items around one of them; of any other, all. @param around an index */
export function shownPart<T>(
  list: readonly T[],
  around: number,
): { readonly shown: readonly T[]; readonly part?: Part } {
  if (list.length <= MOST) return { shown: list };
  const start = Math.max(0, Math.min(around - MOST / 2, list.length - MOST));
  return {
    shown: list.slice(start, start + MOST),
    part: { from: start + 1, to: start + MOST, of: list.length },
  };
}
