import { Checkbox, CheckboxGroup, Label, Text } from "react-aria-components";
import { shownSize } from "../../../../../components/hub/profiles/server-pod/sizes.ts";
import type { ApiNodeGroup } from "../../../../api/clusters.ts";
import type { Json } from "../../../../api/json.ts";
import { strings } from "../../../strings.ts";
import { atField } from "../model/field-problems.ts";
import { fieldAt } from "../model/fields.ts";
import { FieldProblems } from "./entry.tsx";
import type { FieldsProps } from "./fields-props.ts";

const text = strings.profiles.nodes;

/** The node groups that a profile names. */
export function namedGroups(profile: Json): string[] {
  const named = fieldAt(profile, ["node_groups"]);
  return [named].flat().filter((slug): slug is string => typeof slug === "string");
}

/** The node groups of infrastructure, to choose from. */
export function NodeFields({ profile, cluster, problems, set }: FieldsProps) {
  const named = namedGroups(profile);
  const known = cluster.nodeGroups.map(({ slug }) => slug);
  const choose = (slugs: readonly string[]) => {
    // In the order of the file, what was chosen last at the end: the first is the default of users.
    const kept = named.filter((slug) => slugs.includes(slug));
    const all = [...kept, ...slugs.filter((slug) => !kept.includes(slug))];
    set(["node_groups"], all.length === 0 ? undefined : all.length === 1 ? (all[0] ?? "") : all);
  };
  const unknown = named.filter((slug) => !known.includes(slug));
  return (
    <CheckboxGroup className="fields" value={named} onChange={choose}>
      <Label>{text.title}</Label>
      <Text slot="description" className="help">
        {known.length === 0 ? text.none : text.help}
      </Text>
      {cluster.nodeGroups.map((group) => (
        <Checkbox key={group.slug} value={group.slug} className="check">
          <span className="check-box" aria-hidden />
          <span>
            {group.display_name}
            <span className="facts"> {factsOf(group)}</span>
          </span>
        </Checkbox>
      ))}
      {unknown.map((slug) => (
        <Checkbox key={slug} value={slug} className="check">
          <span className="check-box" aria-hidden /> {slug}
        </Checkbox>
      ))}
      <FieldProblems problems={atField(problems, ["node_groups"])} />
    </CheckboxGroup>
  );
}

function factsOf({ has }: ApiNodeGroup): string {
  if (has === undefined) return text.unknown;
  const { cpu, memory, ...others } = has;
  const parts = [
    ...(cpu === undefined ? [] : [`${cpu} CPU`]),
    ...(memory === undefined ? [] : [shownSize(memory)]),
    ...Object.entries(others).map(([name, count]) => `${count} ${name}`),
  ];
  return text.has(parts.join(", "));
}
