import { CopyIcon, TrashIcon } from "@primer/octicons-react";
import { type ComponentType, memo, useCallback } from "react";
import { Button } from "react-aria-components";
import type { ApiCluster } from "../../../../api/clusters.ts";
import type { JsonObject } from "../../../../api/json.ts";
import type { ApiProblem } from "../../../../api/problem.ts";
import { ProblemList } from "../../../shell/problem-list.tsx";
import { strings } from "../../../strings.ts";
import { atField, elsewhere } from "../model/field-problems.ts";
import { type FieldPath, fieldAt, withField } from "../model/fields.ts";
import { nameOf, type Row } from "../model/rows.ts";
import { Entry } from "./entry.tsx";
import type { FieldsProps } from "./fields-props.ts";
import { ImageFields as Images } from "./image-fields.tsx";
import { NodeFields as Nodes } from "./node-fields.tsx";
import { OptionFields as Options } from "./options/option-fields.tsx";
import { OtherSettings } from "./other-settings.tsx";
import { ResourceFields as Resources } from "./resource-fields.tsx";

const text = strings.profiles;

interface EditorProps {
  readonly row: Row;
  readonly cluster: ApiCluster;
  readonly problems: readonly ApiProblem[];
  readonly actions: ProfileActions;
}

/** What is done with a profile, by the ID of its row. */
export interface ProfileActions {
  readonly change: (id: string, make: (profile: JsonObject) => JsonObject) => void;
  readonly copy: (id: string) => void;
  readonly makeDefault: (id: string) => void;
  readonly remove: (id: string) => void;
}

/** Parts that are drawn again only where the fields of the profile change that they show. */
const ImageFields = forFields(Images, ["images"]);
const NodeFields = forFields(Nodes, ["node_groups"]);
const ResourceFields = forFields(Resources, ["node_groups", "kubespawner_override"]);
const OptionFields = forFields(Options, ["profile_options"]);

function forFields(Part: ComponentType<FieldsProps>, fields: readonly string[]) {
  return memo(
    Part,
    (before, after) =>
      before.cluster === after.cluster &&
      before.problems === after.problems &&
      before.set === after.set &&
      fields.every((field) => before.profile[field] === after.profile[field]),
  );
}

/** The fields that have a place of their own; problems of others are listed at the end. */
const PLACES: readonly FieldPath[] = [
  ["display_name"],
  ["description"],
  ["slug"],
  ["images"],
  ["node_groups"],
  ["profile_options"],
  ["kubespawner_override"],
];

/** One profile, with every problem beside the field that it is of. Drawn again only where it changes. */
export const ProfileEditor = memo(function ProfileEditor({ row, cluster, problems, actions }: EditorProps) {
  const { id, profile } = row;
  const change: FieldsProps["change"] = useCallback((make) => actions.change(id, make), [id, actions]);
  const set: FieldsProps["set"] = useCallback(
    (path, value) => change((before) => withField(before, path, value)),
    [change],
  );
  const fields: FieldsProps = { profile, cluster, problems, set, change };
  const name = nameOf(row) || text.unnamed;
  return (
    <section className="bench-editor" aria-label={name}>
      <header className="toolbar">
        <h2>{name}</h2>
        <div className="row">
          {profile["default"] === true ? (
            <span className="badge">{text.isDefault}</span>
          ) : (
            <Button className="button" onPress={() => actions.makeDefault(id)}>
              {text.makeDefault}
            </Button>
          )}
          <Button className="button" onPress={() => actions.copy(id)}>
            <CopyIcon /> {text.copy}
          </Button>
          <Button className="button" onPress={() => actions.remove(id)}>
            <TrashIcon /> {text.remove}
          </Button>
        </div>
      </header>
      <Details {...fields} />
      <ImageFields {...fields} />
      <NodeFields {...fields} />
      <ResourceFields {...fields} />
      <OptionFields {...fields} />
      <OtherSettings profile={profile} problems={problems} />
      <ProblemList problems={elsewhere(problems, PLACES)} />
    </section>
  );
});

const TEXTS = ["display_name", "description", "slug"] as const;
const LABELS = { display_name: "name", description: "description", slug: "slug" } as const;

function Details({ profile, problems, set }: FieldsProps) {
  return TEXTS.map((key) => (
    <Entry
      key={key}
      label={text.details[LABELS[key]]}
      value={String(fieldAt(profile, [key]) ?? "")}
      // A name that is empty is a problem to see; the others are left out then.
      change={(value) => set([key], value === "" && key !== "display_name" ? undefined : value)}
      problems={atField(problems, [key])}
      isMultiline={key === "description"}
      {...(key === "display_name" ? {} : { help: text.details[`${LABELS[key]}Help` as "slugHelp"] })}
    />
  ));
}
