import { useEffect } from "react";

/** Calls back whenever somebody comes back to this tab from another. */
export function useReturn(back: () => void): void {
  useEffect(() => {
    const hear = () => document.visibilityState === "visible" && back();
    document.addEventListener("visibilitychange", hear);
    return () => document.removeEventListener("visibilitychange", hear);
  }, [back]);
}
