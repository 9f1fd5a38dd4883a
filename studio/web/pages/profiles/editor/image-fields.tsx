import { XIcon } from "@primer/octicons-react";
import { Button, Checkbox, CheckboxGroup, Label, Text } from "react-aria-components";
import type { Json } from "../../../../api/json.ts";
import { strings } from "../../../strings.ts";
import { shortDigest } from "../../../tags/short-digest.ts";
import { TagPicker } from "../../../tags/tag-picker.tsx";
import { atField } from "../model/field-problems.ts";
import { fieldAt } from "../model/fields.ts";
import { imageOf, isListed } from "../model/listed-images.ts";
import { FieldProblems } from "./entry.tsx";
import type { FieldsProps } from "./fields-props.ts";

const text = strings.profiles.images;

/** The images of a profile: menus of images.yaml, images by digest, or the hub's own. */
export function ImageFields({ profile, cluster, problems, set }: FieldsProps) {
  const written = fieldAt(profile, ["images"]);
  const listed = written === undefined ? [] : ([written].flat() as readonly Json[]);
  const named = listed.filter((one): one is string => typeof one === "string" && isEntry(one));
  const own = listed.filter((one) => !(typeof one === "string" && isEntry(one)));
  const keys = cluster.images.map(({ key }) => key);
  const offered = [...keys, ...named.filter((key) => !keys.includes(key))];
  const write = (images: readonly Json[]) => {
    const [only] = images;
    const isMenu = images.length === 1 && typeof only === "string" && isEntry(only);
    set(["images"], images.length === 0 ? undefined : isMenu ? (only as string) : images);
  };
  const choose = (chosen: readonly string[]) => {
    const kept = listed.filter((one) => typeof one !== "string" || !isEntry(one) || chosen.includes(one));
    write([...kept, ...chosen.filter((key) => !named.includes(key))]);
  };
  return (
    <section className="fields" aria-label={text.title}>
      <CheckboxGroup className="fields" value={named} onChange={choose}>
        <Label>{text.title}</Label>
        <Text slot="description" className="help">
          {offered.length === 0 ? text.noEntries : listed.length === 0 ? text.hub : text.menus}
        </Text>
        {offered.map((key) => (
          <Checkbox key={key} value={key} className="check">
            <span className="check-box" aria-hidden />
            <span>
              {key}
              <span className="facts"> {cluster.images.find((one) => one.key === key)?.repository}</span>
            </span>
          </Checkbox>
        ))}
      </CheckboxGroup>
      {own.length === 0 ? null : (
        <ul className="images" aria-label={text.own}>
          {own.map((one) => (
            <li key={JSON.stringify(one)} className="row">
              <span>{shownImage(one)}</span>
              <code className="facts">{referenceOf(one)}</code>
              <Button
                className="button"
                aria-label={text.remove(shownImage(one))}
                onPress={() => write(listed.filter((other) => other !== one))}
              >
                <XIcon />
              </Button>
            </li>
          ))}
        </ul>
      )}
      {keys.map((key) => (
        <TagPicker
          key={key}
          source={{ cluster: cluster.name, entry: key }}
          label={keys.length === 1 ? text.add : text.addFrom(key)}
          help={text.addHelp}
          refuse={(tag) => (isListed(tag, listed) ? text.isListed : undefined)}
          pick={(tag, repository) => write([...listed, imageOf(tag, repository)])}
        />
      ))}
      <FieldProblems problems={atField(problems, ["images"])} />
    </section>
  );
}

/** Whether a text names an entry of images.yaml rather than an image, as profiles.yaml tells them apart. */
const isEntry = (one: string) => /^[\w.-]{1,63}$/.test(one);

const shownImage = (one: Json) =>
  typeof one === "string"
    ? shortDigest(one)
    : String(fieldAt(one, ["display_name"]) ?? fieldAt(one, ["image"]) ?? JSON.stringify(one));

/** The image below its name. */
function referenceOf(one: Json): string {
  const image = typeof one === "string" ? undefined : fieldAt(one, ["image"]);
  return typeof image === "string" && image !== shownImage(one) ? shortDigest(image) : "";
}
