import { Component, type ReactNode } from "react";
import { Button } from "react-aria-components";
import type { ApiProblem } from "../../api/problem.ts";
import { strings } from "../strings.ts";
import { ProblemList } from "./problem-list.tsx";
import { problemsOf } from "./use-data.ts";

/** Why something can't be shown, and a button that tries it again. */
export function Failure(props: { readonly problems: readonly ApiProblem[]; readonly again: () => void }) {
  return (
    <section role="alert" className="card failure">
      <h2>{strings.failed}</h2>
      <ProblemList problems={props.problems} />
      <Button className="button" onPress={props.again}>
        {strings.tryAgain}
      </Button>
    </section>
  );
}

/** Shows a failure instead of a page that can't be loaded or has a bug; another page works on. */
export class FailureBoundary extends Component<
  { readonly children: ReactNode },
  { readonly error?: unknown }
> {
  override readonly state: { readonly error?: unknown } = {};

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render(): ReactNode {
    if (this.state.error === undefined) return this.props.children;
    // What failed to load is only asked for again in a new document.
    return <Failure problems={problemsOf(this.state.error)} again={() => location.reload()} />;
  }
}
