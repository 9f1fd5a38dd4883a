import { AlertIcon, XCircleIcon } from "@primer/octicons-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { FieldError, Input, Label, Text, TextArea, TextField } from "react-aria-components";
import type { ApiProblem } from "../../../../api/problem.ts";
import { drawnLater } from "../../../draft/drawn-later.ts";
import { sentence } from "../../../shell/problem-list.tsx";
import { strings } from "../../../strings.ts";

/** Milliseconds without a key press before what is written is taken. */
const PAUSE = 200;

interface EntryProps {
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly help?: ReactNode;
  readonly problems?: readonly ApiProblem[];
  /** What is wrong with a text before anything is asked. */
  readonly fault?: (text: string) => string | undefined;
  readonly isMultiline?: boolean;
  readonly placeholder?: string;
  readonly className?: string;
}

/**
 * A field for a text, with what is wrong beside it. It keeps what is being written to itself, so that a key press draws
 * this field alone.
 */
export function Entry(props: EntryProps) {
  const {
    label,
    help,
    problems = [],
    fault = () => undefined,
    isMultiline,
    placeholder = "",
    className = "",
  } = props;
  const { written, write, hand } = useWritten(props.value, props.change);
  const own = fault(written);
  const isInvalid = own !== undefined || problems.some(({ severity }) => severity === "error");
  const Control = isMultiline ? TextArea : Input;
  return (
    <TextField
      className={`entry ${className}`}
      value={written}
      onChange={write}
      onBlur={hand}
      isInvalid={isInvalid}
    >
      <Label>{label}</Label>
      <Control className="input" placeholder={placeholder} {...(isMultiline ? { rows: 3 } : {})} />
      {help === undefined ? null : (
        <Text slot="description" className="help">
          {help}
        </Text>
      )}
      <FieldError className="field-error">{own ?? <FieldProblems problems={problems} />}</FieldError>
      {isInvalid ? null : <FieldProblems problems={problems} />}
    </TextField>
  );
}

/** Problems of a field, beside it. */
export function FieldProblems({ problems }: { readonly problems: readonly ApiProblem[] }) {
  return problems.map(({ severity, code, path, message, remedy }) => {
    const Icon = severity === "error" ? XCircleIcon : AlertIcon;
    return (
      <span key={`${code}${path}${message}`} className={`field-problem ${severity}`}>
        <Icon aria-label={strings.problems[severity]} /> {sentence(message)} {sentence(remedy)}
      </span>
    );
  });
}

/** What is being written, handed on after a pause and when the field goes. */
function useWritten(value: string, change: (value: string) => void) {
  const [written, setWritten] = useState(value);
  const pending = useRef<string | undefined>(undefined);
  const latest = useRef(change);
  latest.current = change;
  // A state, not a reference: what is drawn in the background may be drawn again from the start.
  const [before, setBefore] = useState(value);
  // Something else has changed the value, such as a suggestion or an undo.
  if (before !== value) {
    setBefore(value);
    if (pending.current === undefined && written !== value) setWritten(value);
  }
  const hand = () => {
    const text = pending.current;
    pending.current = undefined;
    if (text !== undefined) drawnLater(() => latest.current(text));
  };
  useEffect(() => {
    if (pending.current === undefined) return;
    const timer = setTimeout(hand, PAUSE);
    return () => clearTimeout(timer);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the field goes
  useEffect(() => hand, []);
  const write = (text: string) => {
    pending.current = text;
    setWritten(text);
  };
  return { written, write, hand };
}
