import { startTransition, useCallback, useEffect, useState } from "react";
import { flushSync } from "react-dom";

/** Which profile is chosen in the list, and which the fields beside it are of. */
export interface Choice {
  readonly chosen: string | undefined;
  /** The chosen one, or the one before while keys move through the list. */
  readonly edited: string | undefined;
  /** Shows the fields at once, so that what is written next is written into them. */
  readonly choose: (id: string | undefined) => void;
  /** Shows the fields when no key waits, and before anything can be written into them. */
  readonly browse: (id: string | undefined) => void;
}

/** @param first what is chosen at first */
export function useChoice(first: string | undefined): Choice {
  const [chosen, setChosen] = useState(first);
  const [edited, setEdited] = useState(first);
  const choose = useCallback((id: string | undefined) => {
    setChosen(id);
    setEdited(id);
  }, []);
  const browse = useCallback((id: string | undefined) => {
    setChosen(id);
    startTransition(() => setEdited(id));
  }, []);
  useEffect(() => {
    if (edited === chosen) return;
    const follow = (event: Event) => {
      if (event instanceof KeyboardEvent && event.key !== "Tab") return;
      flushSync(() => setEdited(chosen));
    };
    const leaving = ["keydown", "pointerdown", "click"];
    for (const name of leaving) document.addEventListener(name, follow, true);
    return () => {
      for (const name of leaving) document.removeEventListener(name, follow, true);
    };
  }, [chosen, edited]);
  return { chosen, edited, choose, browse };
}
