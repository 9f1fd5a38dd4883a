import "./tags.css";
import { ChevronDownIcon } from "@primer/octicons-react";
import { useEffect, useState } from "react";
import {
  Button,
  ComboBox,
  Input,
  type Key,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Text,
} from "react-aria-components";
import type { RepositoryTag } from "../../api/tags.ts";
import { ProblemList } from "../shell/problem-list.tsx";
import { strings } from "../strings.ts";
import { ageOf } from "./age.ts";
import { shortDigest } from "./short-digest.ts";
import { type FoundTags, type TagSource, useTags } from "./use-tags.ts";

const text = strings.tags;

interface TagPickerProps {
  readonly source: TagSource;
  readonly label: string;
  readonly help?: string;
  /** Why a tag can't be chosen. */
  readonly refuse?: (tag: RepositoryTag) => string | undefined;
  /** @param repository as images.yaml has it */
  readonly pick: (tag: RepositoryTag, repository: string) => void;
}

/** Chooses an image from the tags that a repository really has, by name, age and digest. */
export function TagPicker({ source, label, help, refuse = () => undefined, pick }: TagPickerProps) {
  const [written, write] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState<Key | null>(null);
  const tags = useTags(source, isOpen ? written.trim() : undefined);
  const items = (tags.found?.tags ?? []).map((one) => ({ ...one, id: one.tag, refusal: refuse(one) }));
  // Nothing stays chosen: it is where it was put.
  useEffect(() => {
    if (chosen !== null) setChosen(null);
  }, [chosen]);
  const choose = (key: Key | null) => {
    const tag = items.find(({ id }) => id === key);
    write("");
    setChosen(key);
    if (tag !== undefined && tags.found !== undefined) pick(tag, tags.found.repository);
  };
  return (
    <ComboBox
      className="entry tag-picker"
      items={items}
      disabledKeys={items.flatMap(({ id, refusal }) => (refusal === undefined ? [] : [id]))}
      inputValue={written}
      onInputChange={write}
      value={chosen}
      onChange={choose}
      onOpenChange={setOpen}
      menuTrigger="focus"
      allowsEmptyCollection
    >
      <Label>{label}</Label>
      <div className="tag-field">
        <Input className="input" placeholder={text.placeholder} />
        <Button className="button">
          <ChevronDownIcon />
        </Button>
      </div>
      {help === undefined ? null : (
        <Text slot="description" className="help">
          {help}
        </Text>
      )}
      <Popover className="popover tag-list">
        <ListBox className="menu" items={items} renderEmptyState={() => <Empty tags={tags} />}>
          {({ refusal, ...tag }) => (
            <ListBoxItem className="menu-item tag-item" textValue={tag.name}>
              <Tag tag={tag} refusal={refusal} />
            </ListBoxItem>
          )}
        </ListBox>
        <Rest tags={tags} />
      </Popover>
    </ComboBox>
  );
}

function Tag({ tag, refusal }: { readonly tag: RepositoryTag; readonly refusal: string | undefined }) {
  const { name, created, digest, aliases } = tag;
  return (
    <>
      <span className="row">
        <span>{name}</span>
        {aliases.map((alias) => (
          <span key={alias} className="badge">
            {alias}
          </span>
        ))}
      </span>
      <span className="facts row">
        {tag.tag === name ? null : <code>{tag.tag}</code>}
        <span>{created === undefined ? text.noAge : ageOf(created, Date.now())}</span>
        <code>{shortDigest(digest)}</code>
      </span>
      {refusal === undefined ? null : <span className="facts">{refusal}</span>}
    </>
  );
}

function Empty({ tags: { isAsking, problems } }: { readonly tags: FoundTags }) {
  if (isAsking) return <p className="tag-note">{text.asking}</p>;
  return problems.length > 0 ? null : <p className="tag-note">{text.nothing}</p>;
}

/** What the list leaves out, and why the registry does not tell everything. */
function Rest({ tags: { found, problems } }: { readonly tags: FoundTags }) {
  const left = found === undefined ? 0 : found.found - found.tags.length;
  return (
    <>
      {left > 0 && problems.length === 0 ? <p className="tag-note">{text.more(left)}</p> : null}
      {problems.length === 0 ? null : (
        <div className="tag-note">
          <ProblemList problems={problems} />
        </div>
      )}
    </>
  );
}
