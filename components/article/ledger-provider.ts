import { connect, verifyOnce } from "../qbook/connection.ts";
import type {
  CheckResult,
  CustomResourceProvider,
  DiffResult,
  Host,
  Properties,
} from "../resource/provider.ts";
import { announce } from "./creation-guard.ts";
import { examine } from "./validation.ts";

/**
 * Announces an article before it is sent for creation. The engine saves the announcement first, so
 * an article that is to be created under an announcement of an earlier run may have been sent by
 * that run: its reply, or the state, was lost.
 *
 * Everything that can fail before an article is sent fails here, where nothing has been announced:
 * bad content, a wrong key, no network. Announced anew only where a person newly confirms that the
 * article is not on qBook.
 */
export const ledgerProvider: CustomResourceProvider = { check, diff, create, read, update, delete: forget };

async function check(olds: Properties, news: Properties, host: Host): Promise<CheckResult> {
  const announces = olds["article"] === undefined || answered(olds, news);
  if (!announces || !news["folder"]) return { inputs: news };
  return { inputs: news, failures: (await examine(olds, articleOf(news), host)).failures };
}

async function diff(_id: string, olds: Properties, news: Properties): Promise<DiffResult> {
  return { changes: answered(olds, news) };
}

async function create(inputs: Properties, host: Host): Promise<{ id: string; outs: Properties }> {
  return { id: `ledger/${inputs["article"]}`, outs: await announced(inputs, host) };
}

async function update(
  _id: string,
  _olds: Properties,
  news: Properties,
  host: Host,
): Promise<{ outs: Properties }> {
  return { outs: await announced(news, host) };
}

async function read(id: string, props: Properties): Promise<{ id: string; props: Properties }> {
  return { id, props };
}

async function forget(): Promise<void> {}

async function announced(inputs: Properties, host: Host): Promise<Properties> {
  await verifyOnce(host, connect(host));
  const { article, confirmAbsent } = inputs;
  announce(String(article), host.run);
  return { article, token: host.run, ...(confirmAbsent === undefined ? {} : { confirmAbsent }) };
}

/** The inputs of the article that a ledger announces: its name says what it is. */
function articleOf(news: Properties): Properties {
  const [kind = "", slug = ""] = String(news["article"]).split("/");
  return { title: slug, ...news, kind, slug };
}

/** Whether a person has newly confirmed: an answer counts once. */
function answered(olds: Properties, news: Properties): boolean {
  const answer: unknown = news["confirmAbsent"];
  return Boolean(answer) && answer !== olds["confirmAbsent"];
}
