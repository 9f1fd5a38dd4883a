import type { ReactNode } from "react";
import { strings } from "../strings.ts";
import { Failure } from "./failure.tsx";
import type { Loaded } from "./use-data.ts";

/** A page that shows what the server answers: until then that it loads, and why it can't. */
export function WholePage<T>(props: {
  readonly title: string;
  readonly lead?: string;
  readonly loaded: Loaded<T>;
  readonly reload: () => void;
  readonly children: (data: T) => ReactNode;
}) {
  const { title, lead, loaded, reload, children } = props;
  return (
    <>
      <header className="page-head">
        <h1>{title}</h1>
        {lead === undefined ? null : <p className="lead">{lead}</p>}
      </header>
      {loaded.state === "loading" ? <Loading /> : null}
      {loaded.state === "ready" ? children(loaded.data) : null}
      {loaded.state === "failed" ? <Failure problems={loaded.problems} again={reload} /> : null}
    </>
  );
}

/** Said to screen readers, and shown after a moment only, by its style. */
export const Loading = () => (
  <p role="status" className="loading">
    {strings.loading}
  </p>
);
