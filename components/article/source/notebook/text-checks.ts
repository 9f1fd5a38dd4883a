import { snippetAt } from "../../../problem/json-text.ts";
import type { Problem, Severity } from "../../../problem/problem.ts";
import { jsonPath } from "../../../problem/zod.ts";
import { type ArticleFile, type ArticleFolder, isFile, type PathFault } from "../article-path.ts";
import { type Credential, credentialRemedy, mask } from "../credentials/credential.ts";
import { mayHoldCredential } from "../credentials/credential-triage.ts";
import { imageFault } from "../image-content.ts";
import { EMBED_HOSTS, isOnHost } from "../markup/embed-hosts.ts";
import { type ImageAddress, readImageAddress } from "../markup/image-address.ts";
import { isOfLibrary } from "../markup/library-outputs.ts";
import type { ActiveContent, MarkupFindings, ShownImage } from "../markup/markup-findings.ts";
import { type Parsers, scanHtmlText, scanMarkdown } from "../markup/markup-scan.ts";
import { isTellingHtml, isTellingMarkdown, mayShowImages } from "../markup/markup-triage.ts";
import type { CheckRule, ReadOptions } from "../types.ts";
import type { NotebookPlaces } from "./notebook-place.ts";
import type { NotebookText } from "./notebook-texts.ts";

/** How far a notebook is read: for the fingerprint only its images are looked for. */
export type Depth = "fingerprint" | "check";

/** What the checks of one notebook's texts need. */
interface Surroundings {
  readonly folder: ArticleFolder;
  readonly file: ArticleFile;
  readonly options: ReadOptions;
  readonly depth: Depth;
  readonly places: NotebookPlaces;
}

/** Kept, as looking the module up takes longer than to read most texts. */
let parsers: Parsers | undefined;

/** Gathers what is wrong in the texts of one notebook, and the images that they show. */
export class TextChecks {
  readonly problems: Problem[] = [];
  readonly images: ArticleFile[] = [];
  /** Those of the images that only a MyST directive shows. */
  readonly ofDirectives = new Set<ArticleFile>();
  readonly #here: Surroundings;
  /** The credentials reported, each with its path: one text may be read in more than one way. */
  readonly #reported = new Set<string>();
  /** What each address of an image means: a notebook shows few images many times. */
  readonly #addresses = new Map<string, ArticleFile | PathFault | undefined>();

  constructor(here: Surroundings) {
    this.#here = here;
  }

  /** Runs the parsers and rules on the texts of the notebook that need them, which most don't. */
  async check(texts: readonly NotebookText[]): Promise<void> {
    // One look at all texts at once is much cheaper than one at each, and hardly any notebook needs those.
    const isSuspect =
      this.#here.depth === "check" && mayHoldCredential(texts.map(({ text }) => text).join("\n"));
    for (const one of texts) {
      const isSecret = isSuspect && mayHoldCredential(one.text);
      const isMarkup = this.#concernsMarkup(one);
      if (isSecret || isMarkup) await this.#checkOne(one, isSecret, isMarkup);
    }
  }

  #concernsMarkup({ markup, text }: NotebookText): boolean {
    if (markup === "plain") return false;
    if (this.#here.depth === "fingerprint") return markup !== "script" && mayShowImages(text);
    if (markup === "script") return true;
    return markup === "markdown" ? isTellingMarkdown(text) : isTellingHtml(text);
  }

  async #checkOne(one: NotebookText, isSecret: boolean, isMarkup: boolean): Promise<void> {
    const credentials = isSecret ? await this.#credentials(one.text) : [];
    const secrets = credentials.map(({ secret }) => secret);
    this.#reportCredentials(one, secrets, credentials);
    if (!isMarkup) return;
    const { active, images } = await this.#findings(one);
    if (this.#here.depth === "check") this.#reportActive(one, secrets, active);
    for (const image of images) this.#image(one, secrets, image);
  }

  async #credentials(text: string): Promise<Credential[]> {
    const { findCredentials } = await import("../credentials/credentials.ts");
    return findCredentials(text);
  }

  async #findings({ markup, text }: NotebookText): Promise<MarkupFindings> {
    if (markup === "script")
      return { active: [{ what: "a script", kind: "script", content: text, offset: 0 }], images: [] };
    const scan = markup === "markdown" ? scanMarkdown : scanHtmlText;
    const found = scan(text, parsers);
    if (found) return found;
    parsers = await import("../markup/markup-parsers.ts");
    return scan(text, parsers);
  }

  #reportCredentials(
    one: NotebookText,
    secrets: readonly string[],
    credentials: readonly Credential[],
  ): void {
    const key = (secret: string) => `${jsonPath(one.path)} ${secret}`;
    for (const credential of credentials) {
      if (this.#reported.has(key(credential.secret))) continue;
      this.#report(one, secrets, "credentials", {
        code: "credential",
        message: ` has ${credential.what}`,
        remedy: credentialRemedy(credential),
        offset: credential.offset,
      });
    }
    for (const secret of secrets) this.#reported.add(key(secret));
  }

  /** Each kind once a text: a chart's output may have a hundred scripts. */
  #reportActive(one: NotebookText, secrets: readonly string[], active: MarkupFindings["active"]): void {
    const kinds = new Map<string, ActiveContent>();
    for (const finding of active) {
      if (!kinds.has(finding.what) && !this.#isExpected(one, finding)) kinds.set(finding.what, finding);
    }
    for (const finding of kinds.values()) {
      this.#report(one, secrets, "activeContent", {
        code: "active-content",
        message: ` has ${finding.what}`,
        remedy: activeRemedy(one, finding),
        offset: finding.offset,
      });
    }
  }

  /** Whether it is what teaching material embeds, or what its libraries draw with. */
  #isExpected(one: NotebookText, finding: ActiveContent): boolean {
    const { embedHosts = EMBED_HOSTS } = this.#here.options;
    if (finding.kind === "frame") return isOnHost(finding.content, embedHosts);
    return isOutput(one) && isOfLibrary(finding);
  }

  #image(one: NotebookText, secrets: readonly string[], { address, offset, isDirective }: ShownImage): void {
    const found = this.#find(one, address);
    if (found === undefined) return;
    if (isFile(found)) {
      this.#keep(found, isDirective);
      const fault = this.#here.depth === "check" ? imageFault(found) : undefined;
      if (fault)
        this.#report(one, secrets, "missingImages", { ...fault, message: `: ${fault.message}`, offset });
      return;
    }
    const message = `: ${found.message.replace(/^There/, "there")}`;
    const finding = { message, remedy: found.remedy, offset };
    if (found.code === "missing-file")
      this.#report(one, secrets, "missingImages", { ...finding, code: "missing-image" });
    // No stack may let these pass, as in course.json: a clone can't follow them, or the platform won't take them.
    else this.#report(one, secrets, undefined, { ...finding, code: `image-${found.code}` });
  }

  #keep(found: ArticleFile, isDirective = false): void {
    const known = this.images.find(({ relative }) => relative === found.relative);
    if (!known) this.images.push(found);
    if (!known && isDirective) this.ofDirectives.add(found);
    if (known && !isDirective) this.ofDirectives.delete(known);
  }

  #find(one: NotebookText, written: string): ArticleFile | PathFault | undefined {
    if (this.#addresses.has(written)) return this.#addresses.get(written);
    const address = readImageAddress(written);
    if (address.kind === "attachment") return missingAttachment(one, address.name);
    const found = this.#lookUp(address);
    this.#addresses.set(written, found);
    return found;
  }

  #lookUp(address: Exclude<ImageAddress, { kind: "attachment" }>): ArticleFile | PathFault | undefined {
    if (address.kind === "elsewhere") return undefined;
    if (address.kind === "nowhere") return { ...address, code: "missing-file" };
    const { folder, file } = this.#here;
    const from = address.rooted ? "" : file.relative.split("/").slice(0, -1).join("/");
    let fault: PathFault | undefined;
    for (const spelling of address.spellings) {
      const found = folder.find(spelling, { noun: "image", from });
      if (isFile(found)) return found;
      fault ??= found;
    }
    return fault;
  }

  #report(
    one: NotebookText,
    secrets: readonly string[],
    rule: CheckRule | undefined,
    finding: { code: string; message: string; remedy: string; offset: number },
  ): void {
    if (this.#here.depth !== "check") return;
    const { path, place } = this.#here.places.find(one.path, one.origin?.(finding.offset) ?? finding.offset);
    const severity: Severity = (rule && this.#here.options.rules?.[rule]) ?? "error";
    this.problems.push({
      code: finding.code,
      severity,
      file: this.#here.file.relative,
      path: jsonPath(path),
      ...place,
      ...(!one.origin && { snippet: snippetAt(mask(one.text, secrets), finding.offset) }),
      message: mask(`${one.where}${finding.message}`, secrets),
      remedy: finding.remedy,
    });
  }
}

const isOutput = ({ path }: NotebookText) => path.includes("outputs");

function activeRemedy(one: NotebookText, { kind, content }: ActiveContent): string {
  if (kind === "frame" && /^\s*(?:https?:)?\/\//i.test(content))
    return "Link to the page instead, or add its site to lectern:embedHosts";
  if (isOutput(one)) return "Clear this output, or have the code produce an image instead";
  if (kind === "script" || kind === "handler") return "Remove it: readers' browsers would run it";
  return "Remove it: it would act in the reader's page";
}

function missingAttachment(one: NotebookText, name: string): PathFault | undefined {
  if (one.markup !== "markdown" || one.attachments.has(name)) return undefined;
  return {
    code: "missing-file",
    message: `the cell has no attachment ${JSON.stringify(name)}`,
    remedy: "Paste the image into the cell again, or put it beside the notebook",
  };
}
