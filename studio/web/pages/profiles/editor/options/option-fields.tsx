import { PlusIcon } from "@primer/octicons-react";
import { Button, Group } from "react-aria-components";
import type { JsonObject } from "../../../../../api/json.ts";
import { strings } from "../../../../strings.ts";
import { atField, elsewhere } from "../../model/field-problems.ts";
import { fieldAt, withField } from "../../model/fields.ts";
import {
  addedChoice,
  addedOption,
  choicePath,
  copiedOption,
  defaultChoice,
  isBrought,
  movedOption,
  objectAt,
  optionPath,
} from "../../model/options.ts";
import { bareKeys, shownKeys } from "../../model/ordered-keys.ts";
import { Entry, FieldProblems } from "../entry.tsx";
import type { FieldsProps } from "../fields-props.ts";
import { ChoiceField } from "./choice-field.tsx";
import { PlaceButtons } from "./place-buttons.tsx";
import { UnlistedFields } from "./unlisted-fields.tsx";

const text = strings.profiles.options;

/** What users choose within the profile, in the order in which they see it. */
export function OptionFields(props: FieldsProps) {
  const { profile, change } = props;
  const keys = shownKeys(objectAt(profile, ["profile_options"]));
  // A key that changes with a move does not make another option of it.
  const stays = bareKeys(keys);
  return (
    <section className="fields" aria-label={text.title}>
      <h3>{text.title}</h3>
      <p className="help">{text.help}</p>
      {keys.map((key, index) => (
        <OptionField key={stays[index]} {...props} optionKey={key} at={index} of={keys.length} />
      ))}
      <Button
        className="button"
        onPress={() => change((before) => addedOption(before, text.newOption, text.newChoice))}
      >
        <PlusIcon /> {text.add}
      </Button>
    </section>
  );
}

interface OptionProps extends FieldsProps {
  readonly optionKey: string;
  readonly at: number;
  readonly of: number;
}

function OptionField({ optionKey, at, of, ...props }: OptionProps) {
  const { profile, problems, set, change } = props;
  const path = optionPath(optionKey);
  const option = objectAt(profile, path);
  const name = textOf(option) || optionKey;
  const keys = shownKeys(objectAt(option, ["choices"]));
  const stays = bareKeys(keys);
  const chosen = defaultChoice(option);
  const shown = [
    [...path, "display_name"],
    [...path, "unlisted_choice"],
    ...keys.map((key) => choicePath(optionKey, key)),
  ];
  return (
    <Group className="card option" aria-label={name}>
      <div className="row">
        <Entry
          label={text.name}
          value={textOf(option)}
          change={(value) => set([...path, "display_name"], value === "" ? undefined : value)}
          problems={atField(problems, [...path, "display_name"])}
        />
        <PlaceButtons
          name={name}
          at={at}
          of={of}
          move={(by) => change((before) => movedOption(before, optionKey, by))}
          // Images and node groups bring one option along.
          copy={
            isBrought(optionKey)
              ? undefined
              : () => change((before) => copiedOption(before, optionKey, strings.profiles.copyOf(name)))
          }
          remove={() => change((before) => withField(before, path, undefined))}
        />
      </div>
      {isBrought(optionKey) ? <p className="help">{text.brought}</p> : null}
      {keys.map((key, index) => (
        <ChoiceField
          key={stays[index]}
          {...props}
          optionKey={optionKey}
          choiceKey={key}
          at={index}
          of={keys.length}
          isDefault={key === chosen}
        />
      ))}
      <Button
        className="button"
        onPress={() => change((before) => addedChoice(before, optionKey, text.newChoice))}
      >
        <PlusIcon /> {text.addChoice}
      </Button>
      <UnlistedFields {...props} optionKey={optionKey} />
      <FieldProblems problems={elsewhere(atField(problems, path), shown)} />
    </Group>
  );
}

const textOf = (option: JsonObject) => String(fieldAt(option, ["display_name"]) ?? "");
