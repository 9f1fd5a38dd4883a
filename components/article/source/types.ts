import type { Digest } from "../../digest.ts";
import type { Problem, Severity } from "../../problem/problem.ts";
import type { CourseJson } from "./course/course-schema.ts";

/** What the platform stores: both use the same `course.json`, blogs without certificates. */
export type ArticleKind = "course" | "blog";

export type { Digest };

/** The rules that a stack may turn into warnings; everything else about an article is fixed. */
export type CheckRule = "credentials" | "activeContent" | "missingImages";

/** How an article is read. */
export interface ReadOptions {
  /** Display names of the kernels that exist; without it, `kernelId` is not checked. */
  readonly declaredKernels?: ReadonlySet<string> | undefined;
  /** @default every rule is an error */
  readonly rules?: Partial<Readonly<Record<CheckRule, Severity>>> | undefined;
  /** Sites whose pages may be embedded, subdomains included. @default markup/embed-hosts.ts */
  readonly embedHosts?: readonly string[] | undefined;
}

/** A course or a blog as its folder holds it, parsed and trusted. */
export interface Article {
  readonly kind: ArticleKind;
  /** The folder's name. */
  readonly slug: string;
  /** Absolute. */
  readonly folder: string;
  /** `courseName`. */
  readonly title: string;
  readonly course: CourseJson;
  /** The object in `course.json`, as the API gets it: as JSON, its chapters' numbers are spelled as written. */
  readonly data: Readonly<Record<string, unknown>>;
  /** The kernels that its notebooks name, by display name, each once, sorted. */
  readonly kernels: readonly string[];
  /** Of everything that the API will see, and of nothing else. */
  readonly fingerprint: Digest;
  /** What the fingerprint is made of: a label for people, and the digest of that part. */
  readonly parts: Readonly<Record<string, Digest>>;
  /** The same of this very content as versions before 0.2 made them, whose states hold them. */
  readonly earlier: Pick<Article, "fingerprint" | "parts">;
}

/** What reading a folder gave: the article is absent where an error forbids it. */
export interface ArticleReading {
  readonly article?: Article;
  /** Every problem at once, in the order of the files and of the lines in them. */
  readonly problems: readonly Problem[];
}
