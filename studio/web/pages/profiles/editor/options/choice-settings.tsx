import { XIcon } from "@primer/octicons-react";
import { Button } from "react-aria-components";
import { fitting } from "../../../../../../components/cluster/node-groups/shares.ts";
import { takenBy } from "../../../../../../components/hub/profiles/server-pod/sizes.ts";
import type { JsonObject } from "../../../../../api/json.ts";
import { strings } from "../../../../strings.ts";
import { shortDigest } from "../../../../tags/short-digest.ts";
import { TagPicker } from "../../../../tags/tag-picker.tsx";
import { atField, elsewhere } from "../../model/field-problems.ts";
import { type FieldPath, fieldAt } from "../../model/fields.ts";
import { imageOf } from "../../model/listed-images.ts";
import { objectAt } from "../../model/options.ts";
import { Entry, FieldProblems } from "../entry.tsx";
import type { FieldsProps } from "../fields-props.ts";
import { SettingList } from "../other-settings.tsx";
import { Fits, groupsOf, ResourceEntry } from "../resource-fields.tsx";
import { RESOURCE_KEYS, RESOURCE_SETTINGS } from "../resource-settings.ts";
import { ChoiceNodes } from "./choice-nodes.tsx";

const text = strings.profiles.options;
/** A user's volume is made once, whatever is chosen later. */
const SETTINGS = RESOURCE_SETTINGS.filter(({ name }) => name !== "disk");

interface ChoiceSettingsProps extends FieldsProps {
  /** Where the profile has the choice. */
  readonly path: FieldPath;
}

/** What a choice says of itself, and what it changes of a server. */
export function ChoiceSettings({ path, ...props }: ChoiceSettingsProps) {
  const { profile, cluster, problems, set } = props;
  const at = [...path, "kubespawner_override"];
  const override = objectAt(profile, at);
  const profiles = fieldAt(profile, ["kubespawner_override"]) as JsonObject | undefined;
  const taken = takenBy(cluster.hubs[0]?.defaults ?? {}, profiles, override);
  const others = Object.fromEntries(Object.entries(override).filter(([key]) => !isShown(key)));
  const nodes = [...path, "node_group"];
  const own = fieldAt(profile, nodes);
  const groups = groupsOf(profile, cluster.nodeGroups).filter(
    ({ slug }) => own === undefined || slug === own,
  );
  const shown = [
    nodes,
    [...path, "display_name"],
    [...path, "description"],
    [...at, "image"],
    ...SETTINGS.map((setting) => [...at, ...setting.path]),
  ];
  return (
    <>
      <Entry
        label={strings.profiles.details.description}
        value={String(fieldAt(profile, [...path, "description"]) ?? "")}
        change={(value) => set([...path, "description"], value === "" ? undefined : value)}
        help={text.descriptionHelp}
        problems={atField(problems, [...path, "description"])}
      />
      <ChoiceImage {...props} path={[...at, "image"]} />
      <div className="resources">
        {SETTINGS.map((setting) => (
          <ResourceEntry
            key={setting.name}
            setting={setting}
            value={fieldAt(override, setting.path)}
            hub={undefined}
            problems={atField(problems, [...at, ...setting.path])}
            set={(value) => set([...at, ...setting.path], value)}
          />
        ))}
      </div>
      <ChoiceNodes {...props} path={nodes} />
      {groups.map((group) => (
        <Fits key={group.slug} group={group} fits={group.has ? fitting(taken, group.has) : undefined} />
      ))}
      {Object.keys(others).length === 0 ? null : (
        <>
          <p className="help">{strings.profiles.other.help}</p>
          <SettingList settings={others} />
        </>
      )}
      <FieldProblems problems={elsewhere(atField(problems, path), shown)} />
    </>
  );
}

const isShown = (key: string) => RESOURCE_KEYS.has(key) && key !== "storage_capacity";

/** The image that a choice starts, by its digest. */
function ChoiceImage({ profile, cluster, problems, set, path }: ChoiceSettingsProps) {
  const image = fieldAt(profile, path);
  const keys = cluster.images.map(({ key }) => key);
  return (
    <>
      {image === undefined ? null : (
        <p className="row">
          <strong>{strings.profiles.images.title}</strong>
          <code>{shortDigest(String(image))}</code>
          <Button
            className="button"
            aria-label={strings.profiles.images.remove(shortDigest(String(image)))}
            onPress={() => set(path, undefined)}
          >
            <XIcon />
          </Button>
        </p>
      )}
      {keys.map((key) => (
        <TagPicker
          key={key}
          source={{ cluster: cluster.name, entry: key }}
          label={keys.length === 1 ? text.image : text.imageFrom(key)}
          help={strings.profiles.images.addHelp}
          pick={(tag, repository) => set(path, imageOf(tag, repository)["image"])}
        />
      ))}
      <FieldProblems problems={atField(problems, path)} />
    </>
  );
}
