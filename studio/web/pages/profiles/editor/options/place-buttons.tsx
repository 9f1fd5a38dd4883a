import { ArrowDownIcon, ArrowUpIcon, CopyIcon, TrashIcon } from "@primer/octicons-react";
import { useLayoutEffect, useRef } from "react";
import { Button } from "react-aria-components";
import { strings } from "../../../../strings.ts";

const text = strings.profiles.options;

interface PlaceProps {
  /** What is moved, copied and deleted, as people call it. */
  readonly name: string;
  /** The place among its like, counted from 0, and how many there are. */
  readonly at: number;
  readonly of: number;
  /** Absent where the order is given. */
  readonly move?: ((by: -1 | 1) => void) | undefined;
  readonly copy?: (() => void) | undefined;
  readonly remove: () => void;
}

/** Moves, copies and deletes something of a list by its buttons. What is moved keeps the focus. */
export function PlaceButtons({ name, at, of, move, copy, remove }: PlaceProps) {
  const buttons = useRef<HTMLDivElement>(null);
  const moving = useRef<"up" | "down">(undefined);
  // An element that is moved loses the focus, and so does a button that is disabled at the end of a list.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the place alone says that it was moved
  useLayoutEffect(() => {
    const wanted = moving.current;
    moving.current = undefined;
    const { activeElement } = document;
    // Somebody who has gone on meanwhile is not brought back.
    const isHere = activeElement === document.body || buttons.current?.contains(activeElement);
    if (wanted === undefined || !isHere) return;
    const places = ["up", "down"].sort((one) => (one === wanted ? -1 : 1));
    const usable = places
      .map((place) => buttons.current?.querySelector<HTMLButtonElement>(`[data-place="${place}"]`))
      .find((button) => button?.disabled === false);
    usable?.focus();
  }, [at]);
  const pressed = (by: -1 | 1) => () => {
    moving.current = by < 0 ? "up" : "down";
    move?.(by);
  };
  return (
    <div className="row places" ref={buttons}>
      {move === undefined ? null : (
        <>
          <Button
            className="button"
            data-place="up"
            isDisabled={at === 0}
            aria-label={text.up(name)}
            onPress={pressed(-1)}
          >
            <ArrowUpIcon />
          </Button>
          <Button
            className="button"
            data-place="down"
            isDisabled={at === of - 1}
            aria-label={text.down(name)}
            onPress={pressed(1)}
          >
            <ArrowDownIcon />
          </Button>
        </>
      )}
      {copy === undefined ? null : (
        <Button className="button" aria-label={text.copy(name)} onPress={copy}>
          <CopyIcon />
        </Button>
      )}
      <Button className="button" aria-label={text.remove(name)} onPress={remove}>
        <TrashIcon />
      </Button>
    </div>
  );
}
