import * as pulumi from "@pulumi/pulumi";
import { defineResource } from "../resource/define-resource.ts";
import { articleContract, type Evidence, type FormerArticle } from "./article-contract.ts";
import type { ArticleContents } from "./contents.ts";
import { ledgerContract } from "./creation/ledger-contract.ts";
import type { ArticleKind } from "./source/types.ts";

const Article = defineResource(articleContract, ["customId", "url", "state", "applied", "evidence"]);

/** Saved before the article's first attempt. It validates the article: a bad one must fail before it is announced. */
const ArticleLedger = defineResource(ledgerContract, ["token"]);

/** What a course or a blog needs to be deployed. */
export interface ArticleArgs {
  /**
   * The folder with `course.json`, relative to the project or absolute.
   * Its name is the article's slug, and with the kind its identity.
   */
  readonly folder: string;
  /** What the folder holds: `await readContents(folder, kind)`. */
  readonly contents: ArticleContents;
  /** The kernels that a notebook may name, by display name. A name that is not here fails the preview. */
  readonly kernels?: Readonly<Record<string, pulumi.Resource | readonly pulumi.Input<pulumi.Resource>[]>>;
  /** Put before the title on qBook, for example `[staging] `. @default nothing */
  readonly titlePrefix?: string | undefined;
  /** Instead of the visibility in `course.json`. @default the file's */
  readonly visibility?: string | undefined;
  /** An article that exists on qBook already and is to be taken over. */
  readonly customId?: string | undefined;
  /** A person has looked: an earlier attempt left nothing on qBook, so the article may be created, once. */
  readonly confirmAbsent?: true | string | undefined;
  /**
   * An article that this one may be a new form of. Where it would be created, a person is asked to adopt that
   * one, unless `customId` or `confirmAbsent` answers.
   */
  readonly former?: FormerArticle | undefined;
}

/** An article as readers find it. */
interface PublishedArticle {
  readonly title: string;
  readonly url: string;
  readonly customId: string;
  /** The fingerprint of what the platform has processed; empty where it has processed nothing yet. */
  readonly fingerprint: string;
  /** How it is known that the platform has processed it; absent where it has not, or an earlier version deployed it. */
  readonly evidence?: Evidence;
}

/**
 * An article on qBook, a course or a blog: created once, then updated where its content differs
 * from what was last applied. Not for content that isn't committed: the platform clones a commit.
 *
 * Children: a ledger, saved before the first attempt to create, and the article itself.
 */
abstract class ArticleComponent extends pulumi.ComponentResource {
  /** The ID that the platform gave. */
  readonly customId: pulumi.Output<string>;
  /** Where readers find it, once it is processed; empty where the platform names no URL. */
  readonly url: pulumi.Output<string>;
  /** The digest of the content as it is in the catalog, before this stack's overrides. */
  readonly fingerprint: string;
  /** The title as the file gives it. */
  readonly title: string;
  /** What readers find, for the stack's outputs. */
  readonly published: pulumi.Output<PublishedArticle>;
  /** The run in which it was announced: from then on it may be on qBook. */
  readonly announced: pulumi.Output<string>;

  constructor(kind: ArticleKind, slug: string, args: ArticleArgs, options?: pulumi.ComponentResourceOptions) {
    super(`lectern:article:${kind === "course" ? "Course" : "Blog"}`, slug, {}, options);
    const { contents } = args;
    const childOptions = { parent: this, dependsOn: kernelsOf(args), ...inherited(options) };
    const { title, fingerprint, earlierFingerprint } = contents;
    const { folder, titlePrefix, visibility, customId, confirmAbsent } = args;
    const former = customId === undefined && confirmAbsent === undefined ? args.former : undefined;
    const deploying = pulumi.runtime.isDryRun() ? undefined : (true as const);
    const checked = { folder, fingerprint, declaredKernels: kernelsToCheck(args), confirmAbsent, former };
    const content = { ...checked, deploying };
    const announced = { article: `${kind}/${slug}` as const, ...content, title: former && title };
    const ledger = new ArticleLedger(slug, announced, childOptions);
    this.announced = ledger.token;
    const overrides = { titlePrefix, visibility, customId };
    const inputs = { kind, slug, title, ...content, earlierFingerprint, ...overrides, ledger: ledger.token };
    const article = new Article(slug, inputs, childOptions);
    // An article that was deployed has both; of one that was not, neither resolves.
    this.customId = article.customId as pulumi.Output<string>;
    this.url = article.url.apply((url) => url ?? "");
    this.fingerprint = fingerprint;
    this.title = title;
    this.published = pulumi
      .all([this.url, this.customId, article.state, article.applied, article.evidence])
      .apply(([url, customId, state, applied, evidence]) => ({
        title,
        url,
        customId,
        fingerprint: state === "processed" ? (applied?.fingerprint ?? "") : "",
        ...(evidence === undefined ? {} : { evidence }),
      }));
    this.registerOutputs({ customId: this.customId, url: this.url });
  }
}

/**
 * A course on qBook.
 * @example new Course("bell-states", { folder, contents: await readContents(folder, "course"), kernels });
 */
export class Course extends ArticleComponent {
  constructor(slug: string, args: ArticleArgs, options?: pulumi.ComponentResourceOptions) {
    super("course", slug, args, options);
  }
}

/**
 * A blog on qBook.
 * @example new Blog("random-walks", { folder, contents: await readContents(folder, "blog"), kernels });
 */
export class Blog extends ArticleComponent {
  constructor(slug: string, args: ArticleArgs, options?: pulumi.ComponentResourceOptions) {
    super("blog", slug, args, options);
  }
}

/** The kernels that an article waits for: those that it names and that this stack declares. */
function kernelsOf({ contents, kernels }: ArticleArgs): pulumi.Input<pulumi.Resource>[] {
  return contents.kernels.flatMap((name) => kernels?.[name] ?? []);
}

/**
 * The kernels that an article may name, where it names another or can't be read. Where it names only these,
 * there is nothing to check, and a large catalog repeats no list in each of its articles.
 */
function kernelsToCheck({ contents, kernels }: ArticleArgs): string[] | undefined {
  if (!kernels) return undefined;
  const areDeclared = contents.kernels.every((name) => Object.hasOwn(kernels, name));
  return contents.fingerprint !== "" && areDeclared ? undefined : Object.keys(kernels).sort();
}

/** The component's `ignoreChanges` applies to its children too. */
function inherited(options: pulumi.ComponentResourceOptions | undefined): pulumi.CustomResourceOptions {
  return options?.ignoreChanges ? { ignoreChanges: options.ignoreChanges } : {};
}
