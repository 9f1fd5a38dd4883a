import * as pulumi from "@pulumi/pulumi";
import type { FormerArticle } from "../../components/article/article-contract.ts";
import { type ArticleContents, isContent } from "../../components/article/contents.ts";
import type { ArticleEntry } from "../catalog.ts";
import { type ArticleOutput, NEVER_PROCESSED, type OutputEntries } from "../outputs/outputs.ts";

/** By article ID: `course/bell-states`. */
export type ForgottenArticles = ReadonlyMap<string, ArticleOutput>;

/** What this stack's last outputs say of articles. */
export interface LastOutputs {
  readonly articles: OutputEntries<"articles">;
  readonly forgotten: OutputEntries<"forgotten">;
}

/**
 * The articles that this stack has deployed and that left the catalog. qBook still has them, as its API can't
 * delete; without their IDs a folder that is restored or renamed would become a second article there.
 * @param catalog the IDs in the catalog
 */
export function forgottenArticles(before: LastOutputs, catalog: ReadonlySet<string>): ForgottenArticles {
  const taken = new Set([...before.articles].flatMap(([id, known]) => (catalog.has(id) ? idOf(known) : [])));
  const kept = [...before.forgotten].filter(
    ([id, known]) => !before.articles.has(id) && idOf(known).every((customId) => !taken.has(customId)),
  );
  const left = leaving(before, catalog).filter(([, { customId }]) => !taken.has(customId));
  return new Map([...kept, ...left].map(([id, known]) => [id, known ?? NEVER_PROCESSED]));
}

/** The articles that leave the catalog with this deployment. */
export function leaving(before: LastOutputs, catalog: ReadonlySet<string>): [string, ArticleOutput][] {
  return [...before.articles].flatMap(([id, known]) =>
    catalog.has(id) ? [] : [[id, known ?? NEVER_PROCESSED] satisfies [string, ArticleOutput]],
  );
}

/**
 * What an article that is new to the stack may be a new form of: the same folder as it was, the same content
 * elsewhere, a folder of that name with articles of the other kind, or one with the same title.
 */
export function formerArticle(
  { id, name }: Pick<ArticleEntry, "id" | "name">,
  contents: Pick<ArticleContents, "title" | "fingerprint" | "earlierFingerprint">,
  forgotten: ForgottenArticles,
): FormerArticle | undefined {
  const entries = [...forgotten];
  const found =
    entries.find(([other]) => other === id) ??
    entries.find(([, other]) => isContent(contents, other.fingerprint)) ??
    entries.find(([other]) => other.slice(other.indexOf("/") + 1) === name) ??
    entries.find(([, other]) => other.title === contents.title);
  if (!found) return undefined;
  const [formerId, { title: formerTitle, customId, url }] = found;
  return { id: formerId, title: formerTitle, customId, url };
}

/** The outputs of what is forgotten: without what one of the deployed articles is by now. */
export function forgottenOutputs(
  forgotten: ForgottenArticles,
  deployed: Readonly<Record<string, pulumi.Output<ArticleOutput | undefined>>>,
): Record<string, pulumi.Output<ArticleOutput | undefined>> {
  const current = pulumi.all(deployed);
  return Object.fromEntries(
    [...forgotten].map(([id, known]) => [
      id,
      current.apply((articles) => {
        const isBack = Object.entries(articles).some(
          ([other, one]) =>
            one && (other === id || (known.customId !== "" && one.customId === known.customId)),
        );
        return isBack ? undefined : known;
      }),
    ]),
  );
}

const idOf = (known: ArticleOutput | undefined) => (known?.customId ? [known.customId] : []);
