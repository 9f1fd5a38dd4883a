import type { ApiChange, ImageDifference } from "../../../api/image-difference.ts";
import { ProblemList } from "../../shell/problem-list.tsx";
import { strings } from "../../strings.ts";
import type { TagSource } from "../../tags/use-tags.ts";
import { shownBytes } from "./shown-bytes.ts";
import { useDifference } from "./use-difference.ts";

const text = strings.imageDifference;

interface DifferenceProps {
  readonly source: TagSource;
  readonly from: string;
  readonly to: string;
}

/** What users get with another image, before anything is saved. */
export function Difference({ source, from, to }: DifferenceProps) {
  const loaded = useDifference(source, from, to);
  const title = text.title(from, to);
  return (
    <section className="fields image-difference" aria-label={title}>
      <h3>{title}</h3>
      {loaded.state === "loading" ? <p className="help">{text.asking}</p> : null}
      {loaded.state === "failed" ? <ProblemList problems={loaded.problems} /> : null}
      {loaded.state === "ready" ? <Found found={loaded.data} from={from} to={to} /> : null}
    </section>
  );
}

interface FoundProps extends Omit<DifferenceProps, "source"> {
  readonly found: ImageDifference;
}

function Found({ found, from, to }: FoundProps) {
  const { isSame, labels, packages, layers, problems } = found;
  if (isSame) return <p>{text.same}</p>;
  // An image that tells nothing of itself is no problem.
  const isRead = layers !== undefined || problems.length === 0;
  return (
    <>
      {labels.length === 0 ? null : <Changes title={text.labels(labels.length)} changes={labels} />}
      <Packages packages={packages} hasLabels={labels.length > 0} isRead={isRead} />
      {layers === undefined ? null : (
        <p>{text.layers(from, to, layersOf(layers.shared), layersOf(layers.added))}</p>
      )}
      {problems.length === 0 ? null : <ProblemList problems={problems} />}
    </>
  );
}

interface PackagesProps extends Pick<ImageDifference, "packages"> {
  readonly hasLabels: boolean;
  /** Whether both images were read, so that what they don't say is known. */
  readonly isRead: boolean;
}

function Packages({ packages, hasLabels, isRead }: PackagesProps) {
  if (packages === undefined)
    return isRead ? <p className="help">{hasLabels ? text.noPackages : text.unknown}</p> : null;
  if (packages.count === 0) return <p>{text.samePackages}</p>;
  const left = packages.count - packages.changes.length;
  return (
    <>
      <Changes title={text.packages(packages.count)} changes={packages.changes} />
      {left > 0 ? <p className="help">{text.morePackages(left)}</p> : null}
    </>
  );
}

/** Few changes are read at once, many when they are opened. */
function Changes({ title, changes }: { readonly title: string; readonly changes: readonly ApiChange[] }) {
  return (
    <details open={changes.length <= 12}>
      <summary>{title}</summary>
      <dl className="changes">
        {changes.map((change) => (
          <div key={change.name}>
            <dt>{change.name}</dt>
            <dd>{shownChange(change)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function shownChange({ before, after }: ApiChange): string {
  if (before === undefined) return text.added(after ?? "");
  return after === undefined ? text.removed(before) : text.changed(before, after);
}

const layersOf = ({ count, bytes }: { readonly count: number; readonly bytes: number }) =>
  text.layersOf(count, shownBytes(bytes));
