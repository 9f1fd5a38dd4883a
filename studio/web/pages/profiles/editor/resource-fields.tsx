import { Button, Group } from "react-aria-components";
import { fitting } from "../../../../../components/cluster/node-groups/shares.ts";
import { shownSize, takenBy } from "../../../../../components/hub/profiles/server-pod/sizes.ts";
import type { ApiNodeGroup } from "../../../../api/clusters.ts";
import type { Json, JsonObject } from "../../../../api/json.ts";
import { strings } from "../../../strings.ts";
import { atField } from "../model/field-problems.ts";
import { fieldAt, withField } from "../model/fields.ts";
import { Entry } from "./entry.tsx";
import type { FieldsProps } from "./fields-props.ts";
import { namedGroups } from "./node-fields.tsx";
import { RESOURCE_SETTINGS, type ResourceSetting } from "./resource-settings.ts";

const text = strings.profiles.resources;

/** What servers of the profile get, with what fits the nodes that they run on. */
export function ResourceFields({ profile, cluster, problems, set, change }: FieldsProps) {
  const override = ["kubespawner_override"];
  const defaults = cluster.hubs[0]?.defaults ?? {};
  const groups = groupsOf(profile, cluster.nodeGroups);
  const taken = takenBy(defaults, fieldAt(profile, override) as JsonObject | undefined);
  return (
    <section className="fields" aria-label={text.title}>
      <h3>{text.title}</h3>
      <div className="resources">
        {RESOURCE_SETTINGS.map((setting) => (
          <ResourceEntry
            key={setting.name}
            setting={setting}
            value={fieldAt(profile, [...override, ...setting.path])}
            hub={defaults[String(setting.path[0])]}
            problems={atField(problems, [...override, ...setting.path])}
            set={(value) => set([...override, ...setting.path], value)}
          />
        ))}
      </div>
      {groups.map((group) => (
        <Fits key={group.slug} group={group} fits={group.has ? fitting(taken, group.has) : undefined} />
      ))}
      {groups.length === 1 && groups[0] ? <Shares group={groups[0]} change={change} /> : null}
    </section>
  );
}

/** Those that a profile may run on: all, where it names none. */
export function groupsOf(profile: JsonObject, all: readonly ApiNodeGroup[]): ApiNodeGroup[] {
  const named = namedGroups(profile);
  return all.filter(({ slug }) => named.length === 0 || named.includes(slug));
}

interface ResourceEntryProps {
  readonly setting: ResourceSetting;
  readonly value: Json | undefined;
  readonly hub: string | number | undefined;
  readonly problems: FieldsProps["problems"];
  readonly set: (value: Json | undefined) => void;
}

export function ResourceEntry({
  setting: { name, read, fault },
  value,
  hub,
  problems,
  set,
}: ResourceEntryProps) {
  const isSize = fault === "notSize";
  const faultOf = (written: string) =>
    written.trim() === "" || read(written) !== undefined ? undefined : text[fault];
  return (
    <Entry
      label={text[name]}
      value={value === undefined || value === null ? "" : isSize ? shownSize(value) : String(value)}
      placeholder={hub === undefined ? "" : text.hub(isSize ? shownSize(hub) : String(hub))}
      problems={problems}
      // What the file says and KubeSpawner does not read is reported with what to write.
      fault={(written) => (problems.length > 0 ? undefined : faultOf(written))}
      // A text that is no value is kept, so that what is proposed is never other than what the field shows.
      change={(written) => set(written.trim() === "" ? undefined : (read(written) ?? written))}
      {...(name === "disk" ? { help: text.diskHelp } : {})}
    />
  );
}

export function Fits({ group, fits }: { readonly group: ApiNodeGroup; readonly fits: number | undefined }) {
  if (fits === undefined) return null;
  return (
    <p className={fits === 0 ? "fits bad-text" : "fits"}>
      {fits === 0 ? text.fitsNone(group.display_name) : text.fits(fits, group.display_name)}
    </p>
  );
}

interface SharesProps {
  readonly group: ApiNodeGroup;
  readonly change: FieldsProps["change"];
}

/** Sizes that leave nothing of a node unused. */
function Shares({ group, change }: SharesProps) {
  if (group.shares.length === 0) return null;
  const take = (share: ApiNodeGroup["shares"][number]) => change((profile) => withShare(profile, share));
  return (
    <Group className="shares" aria-label={text.shares}>
      <span className="help">{text.shares}</span>
      {group.shares.map((share) => (
        <Button key={share.servers} className="button share" onPress={() => take(share)}>
          <span>{text.share(share.servers, group.display_name)}</span>
          <span className="facts">{sizeOf(share)}</span>
        </Button>
      ))}
    </Group>
  );
}

function withShare(
  profile: JsonObject,
  { memory, cpu, devices }: ApiNodeGroup["shares"][number],
): JsonObject {
  const held = (fieldAt(profile, ["kubespawner_override"]) ?? {}) as JsonObject;
  const limits = Object.fromEntries(Object.entries(devices).map(([name, count]) => [name, String(count)]));
  return withField(profile, ["kubespawner_override"], {
    ...held,
    ...(memory === undefined ? {} : { mem_guarantee: memory, mem_limit: memory }),
    ...(cpu === undefined ? {} : { cpu_guarantee: cpu }),
    ...(Object.keys(limits).length === 0
      ? {}
      : { extra_resource_limits: { ...((held["extra_resource_limits"] ?? {}) as JsonObject), ...limits } }),
  });
}

const sizeOf = ({ memory, cpu, devices }: ApiNodeGroup["shares"][number]) =>
  [
    ...(memory === undefined ? [] : [shownSize(memory)]),
    ...(cpu === undefined ? [] : [`${cpu} CPU`]),
    ...Object.entries(devices).map(([name, count]) => `${count} ${name}`),
  ].join(", ");
