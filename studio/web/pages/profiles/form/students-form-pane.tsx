import { memo, startTransition, useEffect, useRef, useState } from "react";
import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from "react-aria-components";
import type { ApiCluster } from "../../../../api/clusters.ts";
import { formSchema, type StudentsForm } from "../../../../api/form.ts";
import type { DraftFile } from "../../../draft/use-draft.ts";
import { post } from "../../../shell/api.ts";
import { strings } from "../../../strings.ts";
import { editsOf } from "../edits.ts";
import { FormFrame } from "./form-frame.tsx";

const text = strings.profiles.form;

/** Milliseconds without a change before the form is made again. */
const PAUSE = 500;

interface PaneProps {
  readonly cluster: ApiCluster;
  readonly profiles: DraftFile;
  readonly images: DraftFile;
  /** The index of the profile that is edited. */
  readonly edited: number;
}

/** The form that users of a hub see, a moment after each change. */
export const StudentsFormPane = memo(function StudentsFormPane(props: PaneProps) {
  const { cluster, profiles, images, edited } = props;
  const [hub, setHub] = useState(cluster.hubs[0]?.name);
  const { form, isStale } = useForm(cluster.name, hub, [profiles, images], edited);
  return (
    <section className="bench-form" aria-label={text.title}>
      <header className="row">
        <h2>{text.title}</h2>
        {hub !== undefined && cluster.hubs.length > 1 ? (
          <HubChoice hubs={cluster.hubs.map(({ name }) => name)} hub={hub} choose={setHub} />
        ) : null}
      </header>
      <p className="note" role="status">
        {form === undefined ? (isStale ? text.impossible : text.loading) : aboutForm(form)}
        {form !== undefined && isStale ? ` ${text.stale}` : null}
      </p>
      {form === undefined ? null : <FormFrame form={form} isStale={isStale} />}
    </section>
  );
});

function aboutForm({ frame, decidedBy, notice, unseen, part }: StudentsForm): string {
  const source = decidedBy === undefined ? text.byDefault : text.decided(decidedBy);
  const unseenNote = unseen.length === 0 ? [] : [text.unseen(unseen.join(", "))];
  return [
    ...(notice === undefined ? [`${text[frame]}, ${source}.`] : [`${text.own}. ${notice}`]),
    ...unseenNote,
    ...(part === undefined ? [] : [text.part(part.from, part.to, part.of)]),
  ].join(" ");
}

function HubChoice(props: {
  readonly hubs: readonly string[];
  readonly hub: string;
  readonly choose: (hub: string) => void;
}) {
  return (
    <Select className="choice" value={props.hub} onChange={(key) => props.choose(String(key))}>
      <Label>{text.hub}</Label>
      <Button className="button">
        <SelectValue />
      </Button>
      <Popover className="popover">
        <ListBox className="menu">
          {props.hubs.map((name) => (
            <ListBoxItem key={name} id={name} className="menu-item">
              {name}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}

/** The last form that could be made; stale where the draft has problems. */
function useForm(cluster: string, hub: string | undefined, drafts: readonly DraftFile[], edited: number) {
  const [form, setForm] = useState<StudentsForm>();
  const [isStale, setStale] = useState(false);
  const part = form?.part;
  // Another profile asks for another part of a long list, where the one that is shown does not have it.
  const around = part && (edited + 1 < part.from || edited + 1 > part.to) ? edited : undefined;
  const latest = useRef(edited);
  latest.current = edited;
  const [profiles, images] = drafts.map(({ value }) => value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the drafts, the values alone decide
  useEffect(() => {
    const controller = new AbortController();
    const timer = setTimeout(() => {
      const body = { cluster, hub, edits: editsOf(drafts), around: Math.max(0, latest.current) };
      post("form", body, formSchema, controller.signal).then(
        (made) =>
          startTransition(() => {
            setForm(made);
            setStale(false);
          }),
        () => controller.signal.aborted || setStale(true),
      );
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [cluster, hub, profiles, images, around]);
  return { form, isStale };
}
