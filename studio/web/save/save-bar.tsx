import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";
import type { Preview } from "../../api/save.ts";
import { discardPulled } from "../draft/discard-pulled.ts";
import { draftStore, useKeptDraft } from "../draft/use-draft.ts";
import { useReturn } from "../shell/use-return.ts";
import { strings } from "../strings.ts";
import { Outcome } from "./outcome.tsx";
import { type Choices, isProposable, type Previewed, usePreview } from "./use-preview.ts";
import { useProposing } from "./use-proposing.ts";
import "../theme/save.css";

const ProposeDialog = lazy(() => import("./propose-dialog.tsx"));
const DiscardDialog = lazy(() => import("./discard-dialog.tsx"));

const NO_CHOICES: Choices = {};

/** What is changed, what becomes of it, and what can be done with it. */
export default function SaveBar() {
  const draft = useKeptDraft();
  const [choices, setChoices] = useState(NO_CHOICES);
  const [dialog, setDialog] = useState<"propose" | "discard">();
  const [previewed, refresh] = usePreview(draft, choices);
  const [proposing, propose] = useProposing(draft, choices, () => {
    refresh();
    setDialog("propose");
  });
  const isDone = proposing.state === "done" && proposing.of === draft;
  const { preview } = previewed;
  const isComplete = isDone && proposing.proposed.problems.length === 0;
  const isMerged = previewed.isCurrent && preview?.files.length === 0 && preview.conflicts.length === 0;
  useReturn(refresh);
  useEffect(() => {
    if (!isMerged) return;
    const controller = new AbortController();
    // Where it can't be read, the bar stays, and asks again when somebody comes back.
    discardPulled(draft, controller.signal).catch(() => undefined);
    return () => controller.abort();
  }, [isMerged, draft]);
  const show = () => {
    refresh();
    setDialog("propose");
  };
  return (
    <section ref={useShownHeight()} className="save-bar" aria-label={strings.save.label}>
      {isDone && !isMerged ? (
        <Outcome proposed={proposing.proposed} />
      ) : (
        <Summary previewed={previewed} files={draft.edits} />
      )}
      <div className="actions">
        <Button className="button" onPress={() => setDialog("discard")}>
          {strings.save.discard}
        </Button>
        <Button className="button" onPress={show}>
          {preview?.conflicts.length ? strings.save.resolve : strings.save.show}
        </Button>
        {isComplete || isMerged ? null : (
          <Button
            className="button primary"
            isDisabled={!isProposable(previewed) || proposing.state === "sent"}
            onPress={() => void propose(preview?.title ?? "")}
          >
            {labelOf(proposing.state, isDone)}
          </Button>
        )}
      </div>
      <Suspense fallback={null}>
        {dialog === "propose" ? (
          <ProposeDialog
            previewed={previewed}
            proposing={
              proposing.state === "not-yet" || proposing.state === "sent" || proposing.of === draft
                ? proposing
                : undefined
            }
            choices={choices}
            choose={setChoices}
            propose={(title) => void propose(title)}
            close={() => setDialog(undefined)}
          />
        ) : null}
        {dialog === "discard" ? (
          <DiscardDialog discard={() => draftStore.discardAll()} close={() => setDialog(undefined)} />
        ) : null}
      </Suspense>
    </section>
  );
}

/** Tells the style sheets how high the bar is, as what it says is on one line or on many. */
function useShownHeight() {
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    const { style } = document.documentElement;
    const observer = new ResizeObserver(() =>
      style.setProperty("--save-bar", `${bar.current?.offsetHeight ?? 0}px`),
    );
    if (bar.current) observer.observe(bar.current);
    return () => {
      observer.disconnect();
      style.removeProperty("--save-bar");
    };
  }, []);
  return bar;
}

function labelOf(state: string, isDone: boolean): string {
  if (state === "sent") return strings.save.proposing;
  return isDone ? strings.save.again : strings.save.propose;
}

function Summary(props: {
  readonly previewed: Previewed;
  readonly files: readonly { readonly path: string }[];
}) {
  const { previewed, files } = props;
  const names = files.map(({ path }) => path.split("/").slice(-2).join("/")).join(", ");
  const count = previewed.preview ? changesIn(previewed.preview) : 0;
  return (
    <p role="status" className="summary">
      {count > 0 ? <strong>{strings.save.changes(count)}</strong> : null}
      <code>{names}</code>
      <Verdict previewed={previewed} />
    </p>
  );
}

/** A block of changed lines counts as one. */
const changesIn = ({ files }: Preview) =>
  files.reduce((sum, { difference }) => sum + (difference.match(/^@@ /gm)?.length ?? 0), 0);

function Verdict({ previewed: { preview, problems, isCurrent } }: { readonly previewed: Previewed }) {
  const texts = strings.save;
  if (!isCurrent) return <span>{texts.checking}</span>;
  if (!preview) return <span className="state bad">{problems[0]?.message ?? texts.failed}</span>;
  const errors = preview.problems.filter(({ severity }) => severity === "error").length;
  if (preview.conflicts.length > 0) {
    return <span className="state doubtful">{texts.conflicts(preview.conflicts.length)}</span>;
  }
  if (preview.files.length === 0) return <span className="good">{texts.same(preview.target)}</span>;
  if (errors > 0) return <span className="state bad">{texts.errors(errors)}</span>;
  return preview.review?.needed === false ? (
    <span className="good">{texts.alone}</span>
  ) : (
    <span>{texts.reviewed}</span>
  );
}
