import { basename, resolve } from "node:path";
import { fingerprintArticle } from "./source/fingerprint.ts";
import type { ArticleKind } from "./source/types.ts";

/** What the program must know of an article before anything is registered. */
export interface ArticleContents {
  readonly title: string;
  /** Empty where the article can't be read: the provider's check then reports everything that is wrong. */
  readonly fingerprint: string;
  /** What versions before 0.2 made of this very content, where it differs. */
  readonly earlierFingerprint?: string;
  /** Display names of the kernels that its notebooks start on. */
  readonly kernels: readonly string[];
}

/** Whether a fingerprint, of this or an earlier version, is that of content. */
export function isContent(
  { fingerprint, earlierFingerprint }: Pick<ArticleContents, "fingerprint" | "earlierFingerprint">,
  kept: string | undefined,
): boolean {
  return fingerprint !== "" && kept !== undefined && (kept === fingerprint || kept === earlierFingerprint);
}

const READ = new Map<string, Promise<ArticleContents>>();

/** Reads an article's folder once a run; never fails. */
export function readContents(folder: string, kind: ArticleKind): Promise<ArticleContents> {
  const path = resolve(folder);
  const known = READ.get(path);
  if (known) return known;
  const reading = read(path, kind);
  READ.set(path, reading);
  return reading;
}

async function read(folder: string, kind: ArticleKind): Promise<ArticleContents> {
  const { article } = await fingerprintArticle(folder, kind);
  if (!article) return { title: basename(folder), fingerprint: "", kernels: [] };
  const { title, fingerprint, earlier, kernels } = article;
  const other = earlier.fingerprint === fingerprint ? {} : { earlierFingerprint: earlier.fingerprint };
  return { title, fingerprint, ...other, kernels };
}
