import { NoAnswer } from "../../../components/http/request.ts";
import { LecternError } from "../../../components/problem/problem.ts";
import type { GithubApi } from "./github-api.ts";

/** The user of the token that GitHub gives each workflow. */
const ACTIONS = "github-actions[bot]";

/** How often something is created that may or may not exist. */
const ATTEMPTS = 3;

/** A comment or an issue, as far as it tells who wrote it. */
interface Written {
  readonly user?: { readonly login: string } | null | undefined;
  readonly body?: string | null | undefined;
}

/** What makes something ours: its author is, and it begins with the marker. */
interface Ownership {
  /** @default the token's user */
  readonly author?: string;
  readonly marker: string;
}

interface Keeping<T> {
  /** Looks for what is ours, and does what is to be done with it. @returns undefined where there is none */
  readonly keep: (isOurs: (written: Written) => boolean) => Promise<T | undefined>;
  readonly create: () => Promise<T>;
  /** What running the job again does, where GitHub does not answer. */
  readonly again: string;
}

/**
 * Keeps what is ours on GitHub, and creates it where there is none. Somebody else's with the marker is left alone.
 * @throws {LecternError} where GitHub refuses it, or does not answer
 */
export async function keepOurs<T>(
  api: Pick<GithubApi, "viewer">,
  { author: given, marker }: Ownership,
  { keep, create, again }: Keeping<T>,
): Promise<T> {
  try {
    const author = given ?? (await api.viewer()) ?? ACTIONS;
    const isOurs = ({ user, body }: Written) =>
      isAuthor(user?.login, author) && firstLine(body ?? "") === marker;
    for (let attempt = 1; ; attempt += 1) {
      const kept = await keep(isOurs);
      if (kept !== undefined) return kept;
      try {
        return await create();
      } catch (error) {
        // It may have arrived: only looking for it again tells.
        if (!(error instanceof NoAnswer) || attempt === ATTEMPTS) throw error;
      }
    }
  } catch (error) {
    if (error instanceof NoAnswer) throw silent(error, again);
    throw error;
  }
}

/** An app's login has a suffix in one of GitHub's APIs and none in the other. */
const isAuthor = (login: string | undefined, author: string) =>
  login === author || login === `${author}[bot]`;

const firstLine = (body: string) => body.split(/\r?\n/, 1)[0]?.trimEnd();

/** Whether GitHub has a text already: it keeps none of the white space at the end. */
export const hasText = ({ body }: Written, text: string): boolean =>
  body?.replaceAll("\r\n", "\n").trimEnd() === text.trimEnd();

const silent = ({ message }: NoAnswer, again: string) =>
  new LecternError({
    code: "github-silent",
    severity: "error",
    message: `GitHub does not answer: ${message}`,
    remedy: `Run the job again: ${again}`,
  });
