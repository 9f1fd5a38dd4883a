import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readFrom } from "./repository.ts";

const lesson = z.looseObject({ baseFilePath: z.string().min(1) });
const section = lesson.extend({ sectionName: z.string() });
const chapter = lesson.extend({ chapterName: z.string(), sections: z.array(section).optional() });

/** The body of an ingest and of an update, as far as the stand-in looks at it. */
export const articleBody = z.looseObject({
  data: z.looseObject({
    courseName: z.string().min(1),
    courseDescription: z.string(),
    visibility: z.string().min(1),
    content: z.array(chapter),
  }),
  repoUrl: z.string().min(1),
  commitSha: z.string().min(1),
  repoReadToken: z.string(),
  forceDuplicateQuestions: z.boolean(),
  runAttempt: z.int().optional(),
});
export type ArticleBody = z.output<typeof articleBody>;

/** A notebook as it was when the article was sent. */
export interface StoredLesson {
  readonly title: string;
  readonly level: "chapter" | "section";
  readonly path: string;
  readonly notebook: unknown;
}

/** An article as the stand-in stores it. The read token is not in it. */
export interface StoredArticle {
  readonly customId: string;
  readonly kind: string;
  readonly data: ArticleBody["data"];
  readonly repoUrl: string;
  readonly commitSha: string;
  readonly lessons: readonly StoredLesson[];
  /** Why processing fails; absent where it works. */
  readonly failure?: string;
  /** Milliseconds since the epoch: when it was sent last. */
  readonly sentAt: number;
  /** How often it was sent, its creation included. */
  readonly revision: number;
}

/** What the stand-in has of an article, in short. */
export interface ListedArticle {
  readonly customId: string;
  readonly kind: string;
  readonly title: string;
  readonly visibility: string;
  readonly commitSha: string;
  readonly revision: number;
  readonly status: string;
}

export type Status = "unprocessed" | "processing" | "processed" | "failed";

/** The articles on disk: one file each, so that they survive a restart. */
export class ArticleStore {
  readonly #folder: string;
  readonly #articles = new Map<string, StoredArticle>();
  readonly #latency: number;

  constructor(folder: string, latency: number) {
    this.#folder = join(folder, "articles");
    this.#latency = latency;
    mkdirSync(this.#folder, { recursive: true });
    for (const name of readdirSync(this.#folder).filter((file) => file.endsWith(".json"))) {
      const article = JSON.parse(readFileSync(join(this.#folder, name), "utf8")) as StoredArticle;
      this.#articles.set(article.customId, article);
    }
  }

  get(customId: string): StoredArticle | undefined {
    return this.#articles.get(customId);
  }

  all(): StoredArticle[] {
    return [...this.#articles.values()].sort((a, b) => (a.customId < b.customId ? -1 : 1));
  }

  /** What a person would see in a list. */
  list(): ListedArticle[] {
    return this.all().map((article) => ({
      customId: article.customId,
      kind: article.kind,
      title: article.data.courseName,
      visibility: article.data.visibility,
      commitSha: article.commitSha,
      revision: article.revision,
      status: this.status(article, Date.now()),
    }));
  }

  /** Every call makes another article: so does the real one. */
  async create(kind: string, body: ArticleBody, failure?: string): Promise<StoredArticle> {
    const words = body.data.courseName
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, "-")
      .slice(0, 40);
    const customId = `${words.replaceAll(/^-|-$/g, "")}-${randomBytes(4).toString("hex")}`;
    return this.#store({ customId, kind, revision: 1 }, body, failure);
  }

  async replace(before: StoredArticle, body: ArticleBody, failure?: string): Promise<StoredArticle> {
    const { customId, kind, revision } = before;
    return this.#store({ customId, kind, revision: revision + 1 }, body, failure);
  }

  /** What the real one has no call for: somebody removes an article by hand. */
  remove(customId: string): void {
    this.#articles.delete(customId);
    renameSync(join(this.#folder, `${customId}.json`), join(this.#folder, `${customId}.removed`));
  }

  status(article: StoredArticle, now: number): Status {
    const age = now - article.sentAt;
    if (age < this.#latency / 3) return "unprocessed";
    if (age < this.#latency) return "processing";
    return article.failure === undefined ? "processed" : "failed";
  }

  async #store(
    identity: Pick<StoredArticle, "customId" | "kind" | "revision">,
    body: ArticleBody,
    failure: string | undefined,
  ): Promise<StoredArticle> {
    const { customId } = identity;
    const { data, repoUrl, commitSha } = body;
    const read = await readLessons(body).catch((error: unknown) => ({ lessons: [], failure: String(error) }));
    const given = failure === undefined ? {} : { failure };
    const article = { ...identity, data, repoUrl, commitSha, ...read, ...given, sentAt: Date.now() };
    const file = join(this.#folder, `${customId}.json`);
    writeFileSync(`${file}.new`, JSON.stringify(article));
    renameSync(`${file}.new`, file);
    this.#articles.set(customId, article);
    return article;
  }
}

async function readLessons({ data, repoUrl, commitSha }: ArticleBody): Promise<{ lessons: StoredLesson[] }> {
  const read = async (title: string, level: StoredLesson["level"], path: string): Promise<StoredLesson> => {
    const text = (await readFrom(repoUrl, commitSha, path)).toString("utf8");
    return { title, level, path, notebook: JSON.parse(text) as unknown };
  };
  const lessons: StoredLesson[] = [];
  for (const { chapterName, baseFilePath, sections = [] } of data.content) {
    lessons.push(await read(chapterName, "chapter", baseFilePath));
    for (const one of sections) lessons.push(await read(one.sectionName, "section", one.baseFilePath));
  }
  return { lessons };
}
