import { resolve } from "node:path";
import { formatProblem, type Problem } from "../problem/problem.ts";
import { connectionProblems } from "../qbook/connection.ts";
import type { ProviderContext } from "../resource/context/context.ts";
import { UNKNOWN } from "../resource/contract.ts";
import type { CheckFailure } from "../resource/provider.ts";
import {
  articleId,
  type KnownArticle,
  type ValidationBaseline,
  type ValidationTarget,
} from "./article-contract.ts";
import { commitProblems, unpushed } from "./commit-problems.ts";
import { articleConfig } from "./config.ts";
import { fingerprintArticle, hasFingerprint } from "./source/fingerprint.ts";
import { readArticle } from "./source/read.ts";
import type { Article } from "./source/types.ts";
import { sends } from "./validated.ts";

/** What an article's folder holds, and everything that is wrong with it. */
interface Findings {
  readonly problems: readonly Problem[];
  /** Its parts as this and as earlier versions digest them; absent where the folder holds other content. */
  readonly versions?: readonly Article["parts"][] | undefined;
}

/** What a check of an article found. */
export interface ArticleCheck {
  readonly failures: readonly CheckFailure[];
  /** Whether its content was read, and there was nothing to report. */
  readonly isClean: boolean;
}

/**
 * Everything that is wrong with an article that is to be deployed, without a call to qBook; warnings are
 * reported at once.
 * @param before the inputs of the last deployment; undefined for a new article
 */
export async function checkArticle(
  wanted: ValidationTarget,
  before: ValidationBaseline | undefined,
  context: ProviderContext,
): Promise<ArticleCheck> {
  const article = knownArticle(wanted);
  if (!article) return { failures: [], isClean: false };
  const { problems } = await validateOnce(article, context);
  // Held at its earlier content while the folder changed: what the folder holds now is not deployed.
  if (isMoved(problems) && before?.fingerprint === article.fingerprint)
    return { failures: [], isClean: false };
  const failures = problems.filter(({ severity }) => severity === "error");
  if (failures.length === 0 && sends(before, article))
    failures.push(...connectionProblems(context), ...(await unpushed(article, context)));
  return {
    failures: failures.map((problem) => ({
      property: "folder",
      reason: formatProblem(placed(problem, article)),
    })),
    isClean: problems.length === 0,
  };
}

/**
 * The digests of an article's parts, as this and as earlier versions make them; undefined where its folder
 * holds other content than is wanted.
 */
export async function wantedParts(
  wanted: ValidationTarget,
  context: ProviderContext,
): Promise<readonly Article["parts"][] | undefined> {
  const article = knownArticle(wanted);
  return article && (await validateOnce(article, context)).versions;
}

/** An article whose unknown inputs are left out; undefined where without them nothing can be validated. */
function knownArticle(wanted: ValidationTarget): KnownArticle | undefined {
  const entries = Object.entries(wanted).filter(([, value]) => value !== UNKNOWN);
  // What is left of each input is its known type.
  const known = Object.fromEntries(entries) as { [K in keyof KnownArticle]?: KnownArticle[K] };
  const { kind, slug, folder, fingerprint } = known;
  if (!kind || !slug || !folder || fingerprint === undefined) return undefined;
  return { ...known, kind, slug, folder, fingerprint };
}

/** Validates once per run: an article's ledger, its check and its diff all ask. */
function validateOnce(article: KnownArticle, context: ProviderContext): Promise<Findings> {
  const { kind, folder, fingerprint, declaredKernels } = article;
  const key = JSON.stringify([kind, folder, fingerprint, declaredKernels]);
  return context.once(`article: validation of ${key}`, async () => {
    const findings = await validate(article, context);
    if (isMoved(findings.problems)) return findings;
    for (const problem of findings.problems.filter(({ severity }) => severity === "warning")) {
      const message = formatProblem(placed(problem, article));
      context.report({ severity: "warning", resource: articleId(article), message });
    }
    return findings;
  });
}

async function validate(wanted: KnownArticle, context: ProviderContext): Promise<Findings> {
  const folder = resolve(wanted.folder);
  const { rules, embedHosts } = context.config(articleConfig);
  const { article, problems } = await readArticle(folder, wanted.kind, {
    ...(wanted.declaredKernels ? { declaredKernels: new Set(wanted.declaredKernels) } : {}),
    rules,
    embedHosts,
  });
  // An article with errors has a fingerprint as long as it can be read at all.
  const read = article ?? (await fingerprintArticle(folder, wanted.kind)).article;
  const isRead = read ? hasFingerprint(read, wanted.fingerprint) : wanted.fingerprint === "";
  if (!isRead) return { problems: [moved(), ...problems] };
  return {
    problems: [...problems, ...(await commitProblems(wanted, article, context))],
    versions: article && [article.parts, article.earlier.parts],
  };
}

const MOVED = "content-moved";
const isMoved = (problems: readonly Problem[]) => problems.some(({ code }) => code === MOVED);

function moved(): Problem {
  return {
    code: MOVED,
    severity: "error",
    message: "the folder's content changed after the plan was made",
    remedy: "Run again, and leave the folder unchanged until the run ends",
  };
}

/**
 * A problem with its file as seen from the project, so that an editor finds it. Without a file it is the
 * article's, which whoever reports it names anyway.
 */
function placed(problem: Problem, { folder }: KnownArticle): Problem {
  if (problem.file === undefined || problem.file.startsWith("/")) return problem;
  return { ...problem, file: `${folder.replace(/\/+$/, "")}/${problem.file}` };
}
