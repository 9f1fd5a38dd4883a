import {
  Button,
  Checkbox,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
} from "react-aria-components";
import type { JsonObject } from "../../../../../api/json.ts";
import { strings } from "../../../../strings.ts";
import { atField, elsewhere } from "../../model/field-problems.ts";
import { fieldAt, withField } from "../../model/fields.ts";
import { objectAt, optionPath } from "../../model/options.ts";
import { Entry, FieldProblems } from "../entry.tsx";
import type { FieldsProps } from "../fields-props.ts";
import { SettingList } from "../other-settings.tsx";

const text = strings.profiles.unlisted;
const TEXTS = [
  "display_name",
  "display_name_in_choices",
  "description_in_choices",
  "validation_regex",
  "validation_message",
] as const;
/** What to know of a text. */
const HELP: Readonly<Partial<Record<(typeof TEXTS)[number], string>>> = {
  description_in_choices: strings.profiles.options.descriptionHelp,
  validation_regex: text.regexHelp,
};
/** Settings of KubeSpawner that take a text, so that they take what a user writes. */
const SETTINGS = [
  "image",
  "mem_limit",
  "mem_guarantee",
  "default_url",
  "working_dir",
  "notebook_dir",
] as const;

/** What users may write instead of a choice, and the settings that their text goes into. */
export function UnlistedFields({ optionKey, ...props }: FieldsProps & { readonly optionKey: string }) {
  const { profile, cluster, problems, set, change } = props;
  const path = [...optionPath(optionKey), "unlisted_choice"];
  const unlisted = objectAt(profile, path);
  const isEnabled = unlisted["enabled"] === true;
  const enable = (isSelected: boolean) =>
    change((before) => withField(before, path, enabled(objectAt(before, path), isSelected, cluster)));
  const at = [...path, "kubespawner_override"];
  const override = objectAt(profile, at);
  const templates = Object.keys(override).filter((key) => typeof override[key] === "string");
  const others = Object.fromEntries(
    Object.entries(override).filter(([, value]) => typeof value !== "string"),
  );
  const shown = [...TEXTS.map((key) => [...path, key]), ...templates.map((key) => [...at, key])];
  return (
    <div className="fields unlisted">
      <Checkbox className="check" isSelected={isEnabled} onChange={enable}>
        <span className="check-box" aria-hidden /> {text.enabled}
      </Checkbox>
      {isEnabled ? (
        <>
          <div className="resources">
            {TEXTS.map((key) => (
              <Entry
                key={key}
                label={text[key]}
                value={String(fieldAt(unlisted, [key]) ?? "")}
                change={(value) => set([...path, key], value === "" ? undefined : value)}
                problems={atField(problems, [...path, key])}
                help={HELP[key]}
              />
            ))}
          </div>
          <p className="help">{text.templateHelp}</p>
          {templates.map((key) => (
            <Entry
              key={key}
              label={text.template(key)}
              value={String(override[key])}
              change={(value) => set([...at, key], value === "" ? undefined : value)}
              problems={atField(problems, [...at, key])}
            />
          ))}
          <AddSetting
            settings={SETTINGS.filter((key) => !Object.hasOwn(override, key))}
            add={(key) => set([...at, key], templateOf(key, cluster))}
          />
          {Object.keys(others).length === 0 ? null : <SettingList settings={others} />}
        </>
      ) : null}
      <FieldProblems problems={elsewhere(atField(problems, path), isEnabled ? shown : [])} />
    </div>
  );
}

/** What is there is kept when it is turned off, and is there again when it is turned on. */
function enabled(before: JsonObject, isEnabled: boolean, cluster: FieldsProps["cluster"]): JsonObject {
  const isNew = isEnabled && Object.keys(before).length === 0;
  if (!isNew) return { ...before, enabled: isEnabled };
  return {
    enabled: true,
    display_name: text.newName,
    kubespawner_override: { image: templateOf("image", cluster) },
  };
}

/** What a setting has when it is added: the user's text, of an image its tag. */
function templateOf(setting: string, { images: [entry] }: FieldsProps["cluster"]): string {
  return setting === "image" && entry !== undefined ? `${entry.repository}:{value}` : "{value}";
}

function AddSetting({
  settings,
  add,
}: {
  readonly settings: readonly string[];
  readonly add: (key: string) => void;
}) {
  if (settings.length === 0) return null;
  return (
    <Select className="choice" value={null} onChange={(key) => key !== null && add(String(key))}>
      <Label>{text.addSetting}</Label>
      <Button className="button">
        <SelectValue>{text.chooseSetting}</SelectValue>
      </Button>
      <Popover className="popover">
        <ListBox className="menu">
          {settings.map((key) => (
            <ListBoxItem key={key} id={key} className="menu-item">
              {key}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}
