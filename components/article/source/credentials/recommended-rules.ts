import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import type { SecretLintRuleContext, SecretLintSourceCode } from "@secretlint/types";
import type { Credential } from "./credential.ts";

/** What a rule reports: which of its messages, and the values in it, which hold the secret. */
interface Report {
  readonly message: { readonly messageId: string; readonly data?: Readonly<Record<string, string>> };
  readonly range: readonly [number, number];
}

type Rule = (typeof rules)[number];

// Comments that silence rules are for whoever configures a deployment, not for a cell.
// Private keys have a finder of their own: the preset's takes few of those that OpenSSL writes.
const RULES = rules.filter(({ meta }) => !/-(?:filter-comments|privatekey)$/.test(meta.id));

/**
 * What the recommended rules of secretlint find in a text, placeholders included. The rules are run without
 * secretlint's own core, which keeps a record of every text for as long as the process lives.
 */
export async function findByRecommendedRules(text: string): Promise<Credential[]> {
  const found: Credential[] = [];
  // A rule may look for one kind of file alone, and a cell may write any: without a path it takes most for its own.
  const files = text.includes("_authToken=") ? [undefined, ".npmrc"] : [undefined];
  for (const rule of RULES) {
    for (const file of files) {
      for (const report of await reportsOf(rule, text, file))
        found.push(...credentialsIn(text, rule.meta.id, report));
    }
  }
  return found;
}

async function reportsOf(rule: Rule, content: string, filePath: string | undefined): Promise<Report[]> {
  const reports: Report[] = [];
  // Access key ids are off by default, together with account ids, which are no secret and left out elsewhere.
  const handle = rule.create(
    contextFor((report) => reports.push(report)),
    { enableIDScanRule: true, allows: [] },
  );
  const source = { content, filePath, ext: ".txt", contentType: "text" };
  // The rules read content, path and extension alone; a location is the core's business.
  await handle.file?.(source as unknown as SecretLintSourceCode);
  return reports;
}

function contextFor(report: (report: Report) => void): SecretLintRuleContext {
  const context = {
    sharedOptions: {},
    createTranslator: () => (messageId: string, data?: Record<string, string>) => ({
      message: "",
      messageId,
      data,
    }),
    report,
    ignore: () => {},
  };
  // What a rule needs of the core, and no more: the types ask for translations that nobody reads here.
  return context as unknown as SecretLintRuleContext;
}

function credentialsIn(text: string, ruleId: string, { message, range }: Report): Credential[] {
  if (message.messageId === "AWSAccountID") return [];
  const values = Object.values(message.data ?? {}).filter((value) => text.includes(value));
  const secret = values.sort((a, b) => b.length - a.length)[0] ?? text.slice(...range);
  const offset = Math.max(range[0], text.indexOf(secret, range[0]));
  return [{ what: kindOf(message.messageId, ruleId), offset, secret }];
}

const KINDS: Readonly<Record<string, string>> = {
  AWSAccessKeyID: "an AWS access key ID",
  AWSSecretAccessKey: "an AWS secret access key",
  BasicAuth: "a password in an address",
};

const OWNERS: Readonly<Record<string, string>> = {
  "1password": "1Password",
  github: "GitHub",
  gitlab: "GitLab",
  huggingface: "Hugging Face",
  "hashicorp-vault": "HashiCorp Vault",
  npm: "npm",
  openai: "OpenAI",
  sendgrid: "SendGrid",
};

function kindOf(messageId: string, ruleId: string): string {
  const known = KINDS[messageId];
  if (known) return known;
  const name = ruleId.replace("@secretlint/secretlint-rule-", "");
  if (name === "database-connection-string") return "a password in a database address";
  const owner = OWNERS[name] ?? name.charAt(0).toUpperCase() + name.slice(1);
  return `${/^([aeio]|npm)/i.test(owner) ? "an" : "a"} ${owner} token`;
}
