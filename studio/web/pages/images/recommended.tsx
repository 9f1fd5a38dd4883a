import { Button } from "react-aria-components";
import type { JsonObject } from "../../../api/json.ts";
import { strings } from "../../strings.ts";
import { TagPicker } from "../../tags/tag-picker.tsx";
import type { TagSource } from "../../tags/use-tags.ts";
import { fieldAt } from "../profiles/model/fields.ts";
import { Difference } from "./difference.tsx";

const text = strings.images;

interface RecommendedProps {
  readonly source: TagSource;
  readonly entry: JsonObject;
  /** The same entry as the file has it. */
  readonly filed: JsonObject;
  readonly set: (tag: string) => void;
}

/** The recommended image, promoted and rolled back as one line of the file. */
export function Recommended({ source, entry, filed, set }: RecommendedProps) {
  const tag = recommendedOf(entry);
  const before = recommendedOf(filed);
  const hasAlias = typeof fieldAt(entry, ["alias"]) === "string";
  return (
    <>
      <p>
        <strong>{text.recommended}</strong> {tag === undefined ? text.noRecommended : <code>{tag}</code>}
      </p>
      <TagPicker
        source={source}
        label={text.recommend}
        help={text.recommendHelp}
        refuse={(one) => {
          if (one.tag === tag) return text.isRecommended;
          return hasAlias && !one.isFixed ? text.mayMove : undefined;
        }}
        pick={(one) => set(one.tag)}
      />
      {before === undefined || tag === undefined || before === tag ? null : (
        <>
          <div className="row" role="status">
            <span>{text.moves(before, tag)}</span>
            <Button className="button" onPress={() => set(before)}>
              {text.back(before)}
            </Button>
          </div>
          <Difference source={source} from={before} to={tag} />
        </>
      )}
    </>
  );
}

function recommendedOf(entry: JsonObject): string | undefined {
  const tag = fieldAt(entry, ["policy", "recommended"]);
  return typeof tag === "string" ? tag : undefined;
}
