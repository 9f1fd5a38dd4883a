import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from "react-aria-components";
import { strings } from "../../../../strings.ts";
import { atField } from "../../model/field-problems.ts";
import { type FieldPath, fieldAt } from "../../model/fields.ts";
import { FieldProblems } from "../entry.tsx";
import type { FieldsProps } from "../fields-props.ts";
import { namedGroups } from "../node-fields.tsx";

const text = strings.profiles.options;
/** No slug of a node group. */
const ANY = "*";

/** The node group of a choice. A profile that names node groups itself has decided for all its choices. */
export function ChoiceNodes({
  profile,
  cluster,
  problems,
  set,
  path,
}: FieldsProps & { readonly path: FieldPath }) {
  const slug = fieldAt(profile, path);
  const known = cluster.nodeGroups.map((group) => ({ slug: group.slug, name: group.display_name }));
  if (slug === undefined && (known.length === 0 || namedGroups(profile).length > 0)) return null;
  const isKnown = slug === undefined || known.some((group) => group.slug === slug);
  const items = [
    { slug: ANY, name: text.anyNodes },
    ...known,
    ...(isKnown ? [] : [{ slug: String(slug), name: String(slug) }]),
  ];
  return (
    <>
      <Select
        className="choice"
        value={slug === undefined ? ANY : String(slug)}
        onChange={(key) => set(path, key === ANY ? undefined : String(key))}
      >
        <Label>{strings.profiles.nodes.title}</Label>
        <Button className="button">
          <SelectValue />
        </Button>
        <Popover className="popover">
          <ListBox className="menu" items={items.map((item) => ({ ...item, id: item.slug }))}>
            {({ name }) => <ListBoxItem className="menu-item">{name}</ListBoxItem>}
          </ListBox>
        </Popover>
      </Select>
      <FieldProblems problems={atField(problems, path)} />
    </>
  );
}
