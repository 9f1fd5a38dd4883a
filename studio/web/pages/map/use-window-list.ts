import { useWindowVirtualizer } from "@tanstack/react-virtual";
import {
  type CSSProperties,
  type RefCallback,
  type RefObject,
  useLayoutEffect,
  useRef,
  useState,
} from "react";

/** An item that is in the document, and the properties of its element. */
export interface WindowItem<T> {
  readonly item: T;
  readonly index: number;
  readonly key: string;
  readonly place: {
    readonly ref: RefCallback<HTMLElement>;
    readonly "data-index": number;
    readonly style: CSSProperties;
  };
}

/** A long list of which only what is near the window is in the document. */
export interface WindowList<T, Element extends HTMLElement> {
  readonly list: { readonly ref: RefObject<Element | null>; readonly style: CSSProperties };
  readonly items: readonly WindowItem<T>[];
}

/**
 * @param keyOf what an item is known by
 * @param estimate the height in pixels of an item that was not measured yet
 */
export function useWindowList<T, Element extends HTMLElement>(
  all: readonly T[],
  keyOf: (item: T) => string,
  estimate: number,
): WindowList<T, Element> {
  const ref = useRef<Element>(null);
  const [scrollMargin, setMargin] = useState(0);
  // What is above the list may change with whatever changes the list.
  useLayoutEffect(() => {
    const top = (ref.current?.getBoundingClientRect().top ?? 0) + window.scrollY;
    setMargin((known) => (Math.abs(known - top) < 1 ? known : top));
  });
  const virtual = useWindowVirtualizer({
    count: all.length,
    estimateSize: () => estimate,
    getItemKey: (index) => (all[index] === undefined ? index : keyOf(all[index])),
    overscan: 8,
    scrollMargin,
  });
  const items = virtual.getVirtualItems().flatMap(({ index, key, start }) => {
    const item = all[index];
    if (item === undefined) return [];
    const style = { transform: `translateY(${start - scrollMargin}px)` };
    return [
      { item, index, key: `${key}`, place: { ref: virtual.measureElement, "data-index": index, style } },
    ];
  });
  return { list: { ref, style: { height: virtual.getTotalSize() } }, items };
}
