import { TrashIcon } from "@primer/octicons-react";
import { Button } from "react-aria-components";
import type { SelectedEntry } from "../../../api/images.ts";
import { isObject, type Json, type JsonObject } from "../../../api/json.ts";
import type { ApiProblem } from "../../../api/problem.ts";
import { ProblemList } from "../../shell/problem-list.tsx";
import { strings } from "../../strings.ts";
import { shortDigest } from "../../tags/short-digest.ts";
import { Entry } from "../profiles/editor/entry.tsx";
import { type FieldPath, fieldAt, withField } from "../profiles/model/fields.ts";
import { Pins } from "./pins.tsx";
import { Recommended } from "./recommended.tsx";

const text = strings.images;
const KINDS = ["releases", "weeklies", "dailies"] as const;

interface EntryCardProps {
  readonly cluster: string;
  readonly name: string;
  readonly entry: JsonObject;
  /** The same entry as the file has it. */
  readonly filed: JsonObject;
  readonly selected: SelectedEntry | undefined;
  readonly problems: readonly ApiProblem[];
  /** The names of the profiles that offer it; undefined until they are known. */
  readonly users: readonly string[] | undefined;
  readonly change: (make: (entry: JsonObject) => JsonObject) => void;
  readonly remove: () => void;
}

/** An entry of images.yaml: its policy, and what it gives before it is saved. */
export function EntryCard(props: EntryCardProps) {
  const { cluster, name, entry, filed, selected, problems, users, change, remove } = props;
  const set = (path: FieldPath, value: Json | undefined) =>
    change((before) => withField(before, ["policy", ...path], value));
  const others = problems.filter(({ path = "" }) => !fieldOf(name).includes(path));
  const alias = fieldAt(entry, ["alias"]);
  const source = { cluster, entry: name };
  return (
    <div className="fields">
      <div className="row">
        <h2>{name}</h2>
        <span className="facts">
          {[fieldAt(entry, ["repository"]) ?? ""].flat().join(", ")}
          {typeof alias === "string" ? `, ${text.alias(alias)}` : ""}
        </span>
        <span className="state">{selected === undefined ? text.asked : text.tags(selected.tagCount)}</span>
        <Button
          className="button"
          aria-label={text.remove(name)}
          isDisabled={users === undefined || users.length > 0}
          onPress={remove}
        >
          <TrashIcon />
        </Button>
      </div>
      <p className="help">{users === undefined ? null : text.users(users)}</p>
      <About entry={entry} problems={problems} name={name} change={change} />
      <Recommended source={source} entry={entry} filed={filed} set={(tag) => set(["recommended"], tag)} />
      <div className="resources">
        {KINDS.map((kind) => (
          <Count key={kind} kind={kind} entry={entry} set={set} />
        ))}
      </div>
      <Pins source={source} entry={entry} set={(tags) => set(["pin"], tags)} />
      <Selected selected={selected} />
      <ProblemList problems={[...others, ...unknownOf(selected?.problems ?? [], problems)]} />
    </div>
  );
}

const FIELDS = ["display_name", "repository"] as const;
const fieldOf = (name: string) => FIELDS.map((field) => `${name}.${field}`);

/** Where its images are, and what it is called. Several repositories are read alone. */
function About({
  entry,
  problems,
  name,
  change,
}: Pick<EntryCardProps, "entry" | "problems" | "name" | "change">) {
  return (
    <div className="resources named">
      {FIELDS.filter((field) => typeof (entry[field] ?? "") === "string").map((field) => (
        <Entry
          key={field}
          label={text.fields[field]}
          value={String(entry[field] ?? "")}
          placeholder={field === "display_name" ? name : ""}
          // Without a repository it is no entry: the empty text is reported.
          change={(value) =>
            change((before) =>
              withField(before, [field], value === "" && field === "display_name" ? undefined : value),
            )
          }
          problems={problems.filter(({ path }) => path === `${name}.${field}`)}
          {...(field === "display_name" ? { help: text.displayNameHelp } : {})}
        />
      ))}
    </div>
  );
}

/** Problems of the registry and the policy that the check of the file does not know. */
const unknownOf = (some: readonly ApiProblem[], known: readonly ApiProblem[]) =>
  some.filter(({ code, message }) => !known.some((one) => one.code === code && one.message === message));

interface CountProps {
  readonly kind: (typeof KINDS)[number];
  readonly entry: JsonObject;
  readonly set: (path: FieldPath, value: string | number | undefined) => void;
}

/** How many of a kind are offered. A rule that says more than that keeps the rest. */
function Count({ kind, entry, set }: CountProps) {
  const rule = fieldAt(entry, ["policy", kind]);
  const path = isObject(rule ?? null) ? [kind, "count"] : [kind];
  const count = fieldAt(entry, ["policy", ...path]);
  const read = (written: string) => (/^\d{1,3}$/.test(written.trim()) ? Number(written) : undefined);
  return (
    <Entry
      label={text.counts[kind]}
      value={count === undefined ? "" : String(count)}
      fault={(written) =>
        written.trim() === "" || read(written) !== undefined ? undefined : text.countFault
      }
      // A text that is no number is kept, so that what is proposed is never other than what the field shows.
      change={(written) => set(path, written.trim() === "" ? undefined : (read(written) ?? written))}
    />
  );
}

function Selected({ selected }: Pick<EntryCardProps, "selected">) {
  if (selected === undefined || selected.menu.length === 0) return null;
  return (
    <div className="selected">
      <section aria-label={text.menu}>
        <h3>{text.menu}</h3>
        <ol>
          {selected.menu.map(({ name, tag, digest }) => (
            <li key={`${tag}${digest}`}>
              {name} <code className="facts">{shortDigest(digest)}</code>
            </li>
          ))}
        </ol>
      </section>
      <section aria-label={text.prepull}>
        <h3>{text.prepull}</h3>
        <ul>
          {selected.prepull.map(({ tag, digest }) => (
            <li key={digest}>
              <code>{tag}</code> <code className="facts">{shortDigest(digest)}</code>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
