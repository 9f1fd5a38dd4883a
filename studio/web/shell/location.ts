import { useSyncExternalStore } from "react";

/** The path below the studio's base, without its first slash: `articles`. */
export function usePath(): string {
  return useSyncExternalStore(subscribe, path);
}

/** Goes to a path of the studio without loading the document again. */
export function navigate(to: string): void {
  history.pushState(null, "", new URL(to, document.baseURI));
  for (const listener of listeners) listener();
}

/** What is asked of a page, as its address has it: `?kind=hub`. */
export function useQuery(): URLSearchParams {
  return new URLSearchParams(useSyncExternalStore(subscribe, () => location.search));
}

/** Changes what is asked, without a step back for each letter. */
export function replaceQuery(query: URLSearchParams): void {
  const text = query.size === 0 ? "" : `?${query}`;
  history.replaceState(null, "", `${location.pathname}${text}`);
  for (const listener of listeners) listener();
}

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("popstate", listener);
  };
}

function path(): string {
  const base = new URL(document.baseURI).pathname;
  return decodeURIComponent(location.pathname.slice(base.length));
}
