import { z } from "zod";
import { githubAddress } from "../../../../cli/comment/github/github-api.ts";
import { isLogin } from "../../../../plan/delegation/author.ts";

/** The address that commits of somebody carry; undefined where it is not known, as a Hub tells none. */
export type HubMail = (name: string) => Promise<string | undefined>;

/** For people who sign in at the Hub with their accounts of GitHub. */
const GITHUB = "github";

const ADDRESS = /^[^\s@<>]+@[^\s@<>]+$/;
const DOMAIN = /^(?=.{1,253}$)([a-z\d]([a-z\d-]*[a-z\d])?\.)+[a-z]([a-z\d-]*[a-z\d])?$/i;
/** GitHub links commits with these addresses to their account. */
const NO_REPLY = "users.noreply";

/** Whether a text says what people's addresses are: a domain, or `github`. */
export const isMailSetting = (text: string): boolean => text === GITHUB || DOMAIN.test(text);

interface MailSource {
  readonly fetch: typeof fetch;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** @param setting a domain, `github`, or nothing: then only names that are addresses have one */
export function hubMail(setting: string | undefined, source: MailSource): HubMail {
  const ids = new Map<string, Promise<string | undefined>>();
  return async (name) => {
    if (ADDRESS.test(name)) return name;
    if (setting === undefined) return undefined;
    if (setting !== GITHUB) return `${localPart(name)}@${setting}`;
    if (!isLogin(name)) return undefined;
    const known = ids.get(name) ?? idOf(name, source);
    ids.set(name, known);
    const id = await known;
    // It may be known the next time.
    if (id === undefined) ids.delete(name);
    return `${id === undefined ? "" : `${id}+`}${name}@${NO_REPLY}.${hostOf(source.environment)}`;
  };
}

/** What an address has before its @, without quotes. */
const localPart = (name: string) =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._+-]+/g, "-")
    .replaceAll(/^[.-]+|[.-]+$/g, "") || "somebody";

const PATIENCE = 5000;
const userSchema = z.object({ id: z.int().positive() });

/** GitHub's number of an account; undefined where it does not tell. Accounts since 2017 have it in their address. */
async function idOf(login: string, { fetch, environment }: MailSource): Promise<string | undefined> {
  const token = environment["GITHUB_TOKEN"] || environment["GH_TOKEN"];
  const headers = {
    accept: "application/vnd.github+json",
    ...(token && { authorization: `Bearer ${token}` }),
  };
  const url = `${githubAddress(environment)}/users/${encodeURIComponent(login)}`;
  try {
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(PATIENCE) });
    return response.ok ? String(userSchema.parse(await response.json()).id) : undefined;
  } catch {
    return undefined;
  }
}

/** `github.com`, or the host of a GitHub Enterprise Server. */
const hostOf = (environment: MailSource["environment"]) =>
  new URL(githubAddress(environment)).hostname.replace(/^api\./, "");
