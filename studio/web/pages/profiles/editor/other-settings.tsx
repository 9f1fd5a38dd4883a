import type { JsonObject } from "../../../../api/json.ts";
import type { ApiProblem } from "../../../../api/problem.ts";
import { strings } from "../../../strings.ts";
import { atField } from "../model/field-problems.ts";
import { fieldAt } from "../model/fields.ts";
import { FieldProblems } from "./entry.tsx";
import { RESOURCE_KEYS } from "./resource-settings.ts";

const text = strings.profiles.other;
const KNOWN = new Set([
  "display_name",
  "description",
  "slug",
  "default",
  "images",
  "node_groups",
  "profile_options",
  "kubespawner_override",
]);

/** What the page has no field for, to read. */
export function OtherSettings({
  profile,
  problems,
}: {
  readonly profile: JsonObject;
  readonly problems: readonly ApiProblem[];
}) {
  const override = (fieldAt(profile, ["kubespawner_override"]) ?? {}) as JsonObject;
  const others = {
    ...Object.fromEntries(Object.entries(profile).filter(([key]) => !KNOWN.has(key))),
    ...Object.fromEntries(Object.entries(override).filter(([key]) => !RESOURCE_KEYS.has(key))),
  };
  const keys = Object.keys(others);
  const found = keys.flatMap((key) => atField(problems, ["kubespawner_override", key]));
  if (keys.length === 0) return null;
  return (
    <section className="fields" aria-label={text.title}>
      <h3>{text.title}</h3>
      <p className="help">{text.help}</p>
      <SettingList settings={others} />
      <FieldProblems problems={found} />
    </section>
  );
}

/** Settings to read. */
export function SettingList({ settings }: { readonly settings: JsonObject }) {
  return (
    <dl className="settings">
      {Object.entries(settings).map(([key, value]) => (
        <div key={key}>
          <dt>
            <code>{key}</code>
          </dt>
          <dd>
            <code>{JSON.stringify(value)}</code>
          </dd>
        </div>
      ))}
    </dl>
  );
}
