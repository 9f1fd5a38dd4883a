import { PlusIcon } from "@primer/octicons-react";
import { useState } from "react";
import { Button, FieldError, Form, Input, Label, Text, TextField } from "react-aria-components";
import type { JsonObject } from "../../../api/json.ts";
import { strings } from "../../strings.ts";
import { keyFault } from "./entries.ts";

const text = strings.images.newEntry;

interface NewEntryProps {
  readonly entries: JsonObject;
  readonly add: (key: string, repository: string) => void;
}

/** Adds an entry, of which the name and the repository are needed; the rest is edited in its card. */
export function NewEntry({ entries, add }: NewEntryProps) {
  const [key, writeKey] = useState("");
  const [repository, writeRepository] = useState("");
  const [isTried, setTried] = useState(false);
  const fault = keyFault(key.trim(), entries);
  const isMissing = repository.trim() === "";
  const submit = () => {
    setTried(fault !== undefined || isMissing);
    if (fault !== undefined || isMissing) return;
    add(key.trim(), repository.trim());
    writeKey("");
    writeRepository("");
  };
  return (
    <Form
      className="card fields new-entry"
      aria-label={text.title}
      validationBehavior="aria"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <h2>{text.title}</h2>
      <div className="resources">
        <TextField
          className="entry"
          value={key}
          onChange={writeKey}
          isInvalid={isTried && fault !== undefined}
        >
          <Label>{text.key}</Label>
          <Input className="input" placeholder={text.keyExample} />
          <Text slot="description" className="help">
            {text.keyHelp}
          </Text>
          <FieldError className="field-error">{fault === undefined ? null : text[fault]}</FieldError>
        </TextField>
        <TextField
          className="entry"
          value={repository}
          onChange={writeRepository}
          isInvalid={isTried && isMissing}
        >
          <Label>{strings.images.repository}</Label>
          <Input className="input" placeholder={text.repositoryExample} />
          <Text slot="description" className="help">
            {text.repositoryHelp}
          </Text>
          <FieldError className="field-error">{text.missing}</FieldError>
        </TextField>
      </div>
      <Button className="button" type="submit">
        <PlusIcon /> {text.add}
      </Button>
    </Form>
  );
}
