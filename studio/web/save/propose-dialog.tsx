import { useState } from "react";
import {
  Button,
  Dialog,
  Heading,
  Input,
  Label,
  Modal,
  ModalOverlay,
  Text,
  TextField,
} from "react-aria-components";
import type { Preview } from "../../api/save.ts";
import { ProblemList } from "../shell/problem-list.tsx";
import { Loading } from "../shell/whole-page.tsx";
import { strings } from "../strings.ts";
import { Conflicts } from "./conflicts.tsx";
import { Difference } from "./difference.tsx";
import { Outcome } from "./outcome.tsx";
import { type Choices, isProposable, type Previewed } from "./use-preview.ts";
import type { Proposing } from "./use-proposing.ts";

interface ProposeDialogProps {
  readonly previewed: Previewed;
  readonly proposing: Proposing | undefined;
  readonly choices: Choices;
  readonly choose: (choices: Choices) => void;
  readonly propose: (title: string) => void;
  readonly close: () => void;
}

/** Everything about a change before it is proposed, and what has become of it after. */
export default function ProposeDialog(props: ProposeDialogProps) {
  const { previewed, proposing, close } = props;
  const texts = strings.save.dialog;
  const problems = proposing?.state === "failed" ? proposing.problems : previewed.problems;
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(isOpen) => isOpen || close()}>
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title">{texts.title}</Heading>
          {previewed.preview ? (
            <Details {...props} preview={previewed.preview} />
          ) : (
            <Waiting previewed={previewed} />
          )}
          {/* What has become of it is where the button was that somebody has just pressed. */}
          {proposing?.state === "done" ? <Outcome proposed={proposing.proposed} /> : null}
          {problems.length > 0 ? (
            <section role="alert" aria-label={texts.problems}>
              <ProblemList problems={problems} />
            </section>
          ) : null}
          {previewed.preview && !isComplete(proposing) ? (
            <Proposal {...props} preview={previewed.preview} />
          ) : (
            <div className="actions">
              <Button className="button" onPress={close} autoFocus>
                {texts.close}
              </Button>
            </div>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

const isComplete = (proposing: Proposing | undefined) =>
  proposing?.state === "done" && proposing.proposed.problems.length === 0;

const Waiting = ({ previewed }: { readonly previewed: Previewed }) =>
  previewed.isCurrent ? null : <Loading />;

type DetailsProps = ProposeDialogProps & { readonly preview: Preview };

function Details({ preview, choices, choose }: DetailsProps) {
  const texts = strings.save.dialog;
  const { conflicts, problems, files } = preview;
  return (
    <>
      <Conflicts conflicts={conflicts} choices={choices} choose={choose} />
      {problems.length > 0 ? (
        <section>
          <h3>{texts.problems}</h3>
          <ProblemList problems={problems} />
        </section>
      ) : null}
      {files.map(({ path, isNew, difference }) => (
        <section key={path}>
          <h3>
            <code>{path}</code> {isNew ? <span className="facts">{texts.newFile}</span> : null}
          </h3>
          <Difference label={path} text={difference} />
        </section>
      ))}
      <Planned preview={preview} />
      <Decided preview={preview} />
    </>
  );
}

function Planned({ preview: { plan } }: { readonly preview: Preview }) {
  const texts = strings.save.dialog;
  if (!plan) return null;
  return (
    <section>
      <h3>{texts.plan}</h3>
      {plan.nothing === undefined ? null : <p>{texts.nothing(plan.nothing)}</p>}
      <dl className="plan">
        {plan.sections.map(({ title, rows }) => (
          <div key={title}>
            <dt>{title}</dt>
            {rows.map(({ what, why }) => (
              <dd key={what}>
                <strong>{what}</strong> <span className="facts">{why.join("; ")}</span>
              </dd>
            ))}
          </div>
        ))}
      </dl>
    </section>
  );
}

function Decided({ preview: { review } }: { readonly preview: Preview }) {
  const texts = strings.save.dialog;
  if (!review) return null;
  return (
    <section>
      <h3>{texts.review}</h3>
      <p className={review.needed ? "" : "good"}>{review.needed ? texts.reviewed : texts.alone}</p>
      <ul className="reasons">
        {review.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </section>
  );
}

function Proposal({ preview, previewed, proposing, propose, close }: DetailsProps) {
  const texts = strings.save.dialog;
  const [title, setTitle] = useState<string>();
  const isSent = proposing?.state === "sent";
  return (
    <form
      className="proposal"
      onSubmit={(event) => {
        event.preventDefault();
        propose(title ?? preview.title);
      }}
    >
      <TextField value={title ?? preview.title} onChange={setTitle} maxLength={120} isDisabled={isSent}>
        <Label>{texts.titleLabel}</Label>
        <Input className="input" />
        <Text slot="description" className="facts">
          {texts.titleHelp(preview.branch, preview.target)}. {texts.opens[preview.opens]}
        </Text>
      </TextField>
      <div className="actions">
        <Button className="button" onPress={close}>
          {texts.close}
        </Button>
        <Button type="submit" className="button primary" isDisabled={isSent || !isProposable(previewed)}>
          {isSent ? strings.save.proposing : strings.save.propose}
        </Button>
      </div>
    </form>
  );
}
