/*
 * Which texts the credential rules need to be run on: each expression is what a text must contain for one of
 * the preset's rules to report anything, read off the rules' own expressions and gathered by the character
 * that a search can look for fast. A test holds that every rule of the installed preset is accounted for.
 */

/** 1Password, Docker, Figma, GitHub, Grafana, Groq, Hugging Face, Linear, Notion, npm, Shopify, Vercel: all long. */
const UNDERSCORED =
  /_(?:(?=[\w+/-]{12})(?<=(?:gh[pousr]|github_pat|gsk|hf|npm|ntn|lin_api|shp(?:pa|ca|at|ss)|glc|glsa|ops|vc[piark]|dckr_pat|figd)_)|authToken=)/;

/** Slack, Anthropic, GitLab. */
const DASHED = /-(?<=(?:xox[bpaor]|xapp|sk-ant|glpat)-)/;

/** SendGrid, HashiCorp Vault. */
const DOTTED = /\.(?<=(?:SG|hv[sbr])\.)/;

/** AWS, Databricks. */
const PLAIN =
  /A(?:3T|KIA|GPA|IDA|ROA|IPA|NPA|NVA|SIA)[A-Z0-9]{16}|(?:SECRET|[Ss]ecret)_?(?:ACCESS|[Aa]ccess)|dapi[A-Fa-f0-9]/;

/** Passwords in addresses of web sites and databases, and npm's way to write a GitHub token. */
const ADDRESSED = /:\/\/[^/\s]{1,600}@|:x-oauth-basic@/;

/** Whether a text may hold a credential. */
export function mayHoldCredential(text: string): boolean {
  return (
    UNDERSCORED.test(text) ||
    DASHED.test(text) ||
    DOTTED.test(text) ||
    PLAIN.test(text) ||
    text.includes("PRIVATE KEY") ||
    text.includes("T3BlbkFJ") ||
    (text.includes("://") && mayHoldPassword(text))
  );
}

function mayHoldPassword(text: string): boolean {
  return (text.includes("@") && ADDRESSED.test(text)) || /hooks\.slack\.com/i.test(text);
}

/** The text with every credential's characters replaced by `*`, of the same length. */
export function mask(text: string, secrets: readonly string[]): string {
  return secrets.reduce((masked, secret) => masked.replaceAll(secret, "*".repeat(secret.length)), text);
}
