import { ChevronRightIcon } from "@primer/octicons-react";
import { useState } from "react";
import { Button, Disclosure, DisclosurePanel, Group } from "react-aria-components";
import { shownSize } from "../../../../../../components/hub/profiles/server-pod/sizes.ts";
import type { Json, JsonObject } from "../../../../../api/json.ts";
import { strings } from "../../../../strings.ts";
import { shortDigest } from "../../../../tags/short-digest.ts";
import { atField } from "../../model/field-problems.ts";
import { fieldAt, withField } from "../../model/fields.ts";
import {
  choicePath,
  copiedChoice,
  isBrought,
  movedChoice,
  objectAt,
  withDefaultChoice,
} from "../../model/options.ts";
import { Entry } from "../entry.tsx";
import type { FieldsProps } from "../fields-props.ts";
import { RESOURCE_SETTINGS } from "../resource-settings.ts";
import { ChoiceSettings } from "./choice-settings.tsx";
import { PlaceButtons } from "./place-buttons.tsx";

const text = strings.profiles.options;

interface ChoiceProps extends FieldsProps {
  readonly optionKey: string;
  readonly choiceKey: string;
  readonly at: number;
  readonly of: number;
  readonly isDefault: boolean;
}

/** A choice: its name, whether it is the default, and what it changes of a server, which is shown when it is opened. */
export function ChoiceField({ optionKey, choiceKey, at, of, isDefault, ...props }: ChoiceProps) {
  const { profile, problems, set, change } = props;
  const path = choicePath(optionKey, choiceKey);
  const choice = objectAt(profile, path);
  const name = String(choice["display_name"] ?? "");
  const shown = name || choiceKey;
  const inside = atField(problems, path).filter(
    (problem) => !atField([problem], [...path, "display_name"]).length,
  );
  // One that gives nothing yet is open, and so is one with something to correct.
  const [isOpen, setOpen] = useState(() => summaryOf(choice) === "" && !isBrought(optionKey));
  const isExpanded = isOpen || inside.length > 0;
  return (
    <Group className="choice-card" aria-label={shown}>
      <div className="row">
        <Entry
          label={text.choice}
          value={name}
          change={(value) => set([...path, "display_name"], value)}
          problems={atField(problems, [...path, "display_name"])}
        />
        {isDefault ? (
          <span className="badge">{strings.profiles.isDefault}</span>
        ) : (
          <Button
            className="button"
            aria-label={text.makeDefault(shown)}
            onPress={() => change((before) => withDefaultChoice(before, optionKey, choiceKey))}
          >
            {strings.profiles.makeDefault}
          </Button>
        )}
        <PlaceButtons
          name={shown}
          at={at}
          of={of}
          move={
            isBrought(optionKey)
              ? undefined
              : (by) => change((before) => movedChoice(before, optionKey, choiceKey, by))
          }
          copy={() =>
            change((before) => copiedChoice(before, optionKey, choiceKey, strings.profiles.copyOf(shown)))
          }
          remove={() => change((before) => withField(before, path, undefined))}
        />
      </div>
      <Disclosure isExpanded={isExpanded} onExpandedChange={setOpen}>
        <Button slot="trigger" className="trigger">
          <ChevronRightIcon className="turn" aria-hidden /> {text.settings}{" "}
          <span className="facts">{summaryOf(choice)}</span>
        </Button>
        <DisclosurePanel className="fields">
          {isExpanded ? <ChoiceSettings {...props} path={path} /> : null}
        </DisclosurePanel>
      </Disclosure>
    </Group>
  );
}

/** What a choice gives, in a few words. */
function summaryOf(choice: JsonObject): string {
  const override = objectAt(choice, ["kubespawner_override"]);
  const sizes = RESOURCE_SETTINGS.flatMap(({ name, path, fault }) => {
    const value = fieldAt(override, path);
    if (value === undefined) return [];
    const shown = fault === "notSize" ? shownSize(value) : String(value);
    return [`${strings.profiles.resources[name]}: ${shown}`];
  });
  const image: Json | undefined = override["image"];
  return [...sizes, ...(typeof image === "string" ? [shortDigest(image)] : [])].join(", ");
}
