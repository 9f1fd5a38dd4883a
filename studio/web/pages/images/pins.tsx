import { XIcon } from "@primer/octicons-react";
import { Button } from "react-aria-components";
import type { JsonObject } from "../../../api/json.ts";
import { strings } from "../../strings.ts";
import { TagPicker } from "../../tags/tag-picker.tsx";
import type { TagSource } from "../../tags/use-tags.ts";
import { fieldAt } from "../profiles/model/fields.ts";

const text = strings.images;

interface PinsProps {
  readonly source: TagSource;
  readonly entry: JsonObject;
  readonly set: (tags: readonly string[] | undefined) => void;
}

/** The images that are offered whatever the policy's numbers say. */
export function Pins({ source, entry, set }: PinsProps) {
  const pins = [fieldAt(entry, ["policy", "pin"]) ?? []].flat().map(String);
  const write = (tags: readonly string[]) => set(tags.length === 0 ? undefined : tags);
  return (
    <>
      {pins.length === 0 ? null : (
        <ul className="images" aria-label={text.pinned}>
          {pins.map((tag) => (
            <li key={tag} className="row">
              <code>{tag}</code>
              <Button
                className="button"
                aria-label={text.unpin(tag)}
                onPress={() => write(pins.filter((one) => one !== tag))}
              >
                <XIcon />
              </Button>
            </li>
          ))}
        </ul>
      )}
      <TagPicker
        source={source}
        label={text.pin}
        help={text.pinHelp}
        refuse={({ tag }) => (pins.includes(tag) ? text.isPinned : undefined)}
        pick={({ tag }) => write([...pins, tag])}
      />
    </>
  );
}
