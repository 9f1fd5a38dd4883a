import { useRef } from "react";
import { Label, Radio, RadioGroup, Text } from "react-aria-components";
import type { Json } from "../../api/json.ts";
import type { ApiConflict } from "../../api/save.ts";
import { strings } from "../strings.ts";
import type { Choices } from "./use-preview.ts";

interface ConflictsProps {
  /** Those without a choice. */
  readonly conflicts: readonly ApiConflict[];
  readonly choices: Choices;
  readonly choose: (choices: Choices) => void;
}

/** What two people have changed in different ways, side by side. A conflict stays once it has a choice, which can be changed. */
export function Conflicts({ conflicts, choices, choose }: ConflictsProps) {
  const seen = useRef(new Map<string, ApiConflict>());
  for (const one of conflicts) seen.current.set(`${one.file} ${one.id}`, one);
  const open = new Set(conflicts.map(({ file, id }) => `${file} ${id}`));
  const shown = [...seen.current].flatMap(([key, one]) =>
    open.has(key) || choices[one.file]?.[one.id] !== undefined ? [one] : [],
  );
  if (shown.length === 0) return null;
  return (
    <section>
      <h3>{strings.save.dialog.conflicts}</h3>
      <p className="note">{strings.save.dialog.conflictsHelp}</p>
      {shown.map((one) => (
        <Conflict
          key={`${one.file} ${one.id}`}
          conflict={one}
          choice={choices[one.file]?.[one.id]}
          choose={(side) => choose({ ...choices, [one.file]: { ...choices[one.file], [one.id]: side } })}
        />
      ))}
    </section>
  );
}

type Side = "mine" | "theirs";
const SIDES: readonly Side[] = ["mine", "theirs"];

function Conflict(props: {
  readonly conflict: ApiConflict;
  readonly choice: Side | undefined;
  readonly choose: (side: Side) => void;
}) {
  const { conflict, choice, choose } = props;
  const texts = strings.save.dialog;
  return (
    <RadioGroup
      className="conflict"
      value={choice ?? null}
      onChange={(value) => choose(value === "mine" ? "mine" : "theirs")}
    >
      <Label>
        <code>{conflict.file}</code> {placeOf(conflict)}
      </Label>
      <Text slot="description" className="facts">
        {texts.before(textOf(conflict.base))}
      </Text>
      <div className="sides">
        {SIDES.map((side) => (
          <Radio key={side} value={side} className="side">
            <strong>{texts[side]}</strong>
            <pre>{textOf(conflict[side])}</pre>
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}

function placeOf({ path, kind }: ApiConflict): string {
  const { order, whole } = strings.save.dialog;
  const steps = kind === "order" ? [...path, order] : path;
  return steps.length === 0 ? whole : steps.join(" › ");
}

function textOf(value: Json | undefined): string {
  if (value === undefined) return strings.save.dialog.missing;
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}
