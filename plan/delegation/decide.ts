import { articleVerdict } from "./article-verdict.ts";
import { authorProblem } from "./author.ts";
import { clusterVerdict } from "./cluster-verdict.ts";
import { CODEOWNERS_PLACES, type CodeOwners, parseCodeOwners } from "./owners/codeowners.ts";
import type { ChangedFile, FileVerdict, Question, Verdict } from "./question.ts";

export interface Decision {
  /** Whether the author may decide the whole change. */
  readonly delegated: boolean;
  /** What speaks against it as a whole; undefined where the files decide. */
  readonly reason?: string;
  readonly files: readonly FileVerdict[];
}

/** Decides whether a change touches only what its author may decide, by the rules of its base. */
export function decide(question: Question): Decision {
  const { author, changed } = question;
  const reason =
    authorProblem(author) ??
    (changed.length === 0 ? "the change is empty: there is nothing to decide" : undefined);
  if (reason !== undefined) return { delegated: false, reason, files: [] };
  const owners = ownersOf(question);
  const files = changed.map((file) => ({ path: file.path, ...verdict(file, question, owners) }));
  return { delegated: files.every(({ delegated }) => delegated), files };
}

const HUB_FILE = /^clusters\/([^/]+)\/(profiles|images)\.yaml$/;
const ARTICLE_FILE = /^(courses|blogs)\/[^/]+\/./;

function verdict(file: ChangedFile, question: Question, owners: CodeOwners | undefined): Verdict {
  const no = (reason: string): Verdict => ({ delegated: false, reason });
  const inside = question.catalog === "" ? "" : `${question.catalog}/`;
  const place = file.path.startsWith(inside) ? file.path.slice(inside.length) : "";
  const [, cluster, part] = HUB_FILE.exec(place) ?? [];
  const isArticle = ARTICLE_FILE.test(place);
  if (cluster === undefined && !isArticle) {
    return no("it is neither a file of an article nor profiles.yaml or images.yaml of a cluster");
  }
  if (file.isSpecial) return no("it is a link or a submodule, not a plain file");
  if (cluster === undefined) return articleVerdict(file, question.author, owners);
  return clusterVerdict(
    { folder: `${inside}clusters/${cluster}`, part: part as "profiles" | "images" },
    file,
    question,
  );
}

function ownersOf({ base }: Question): CodeOwners | undefined {
  for (const place of CODEOWNERS_PLACES) {
    const text = base(place);
    if (text !== undefined) return parseCodeOwners(text, place);
  }
  return undefined;
}
