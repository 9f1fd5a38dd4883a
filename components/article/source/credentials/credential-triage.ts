/*
 * Which texts the credential rules need to be run on: each expression is what a text must contain for one of
 * the rules to report anything, read off the rules' own expressions and gathered by the character that a search
 * can look for fast. Tests hold that every rule of the installed preset is accounted for, and that a text that
 * is ruled out here holds nothing that the rules would report.
 */

/** 1Password, Docker, Figma, GitHub, Grafana, Groq, Hugging Face, Linear, Notion, npm, Shopify, Vercel, and ours: all long. */
const UNDERSCORED =
  /_(?:(?=[\w+/-]{12})(?<=(?:gh[pousr]|github_pat|gsk|hf|npm|ntn|lin_api|shp(?:pa|ca|at|ss)|glc|glsa|ops|vc[piark]|dckr_pat|figd|[rs]k_(?:live|test)|lsv2_(?:pt|sk)|pcsk|r8|do[opr]_v1)_)|authToken=|account\()/;

/** Slack, Anthropic, GitLab, Google, D-Wave, PyPI, OpenRouter, xAI, Perplexity, Pulumi. */
const DASHED =
  /-(?<=(?:xox[bpaor]|xapp|sk-ant|gl(?:pat|dt|rt|ft|ptt|cbt|soat)|GOCSPX|pypi|sk-or|xai|pplx|pul|[A-Z]{3})-)/;

/** SendGrid, HashiCorp Vault. */
const DOTTED = /\.(?<=(?:SG|hv[sbr])\.)/;

/** AWS, Databricks, Google, Azure. */
const PLAIN =
  /A(?:3T|KIA|GPA|IDA|ROA|IPA|NPA|NVA|SIA|Iza|ccountKey)[\w=-]{16}|(?:SECRET|[Ss]ecret)_?(?:ACCESS|[Aa]ccess)|dapi[A-Fa-f0-9]/;

/** Passwords in addresses of web sites and databases, and the addresses of Slack's and Discord's webhooks. */
const ADDRESSED = /:\/\/(?:[^/\s]{1,600}@|hooks\.slack\.com|(?:\w+\.)?discord(?:app)?\.com\/api)/i;

/** Telegram. */
const COLON = /:AA[\w-]{33}/;

/** A quotation mark that opens a value, after the name of a secret. */
const QUOTED =
  /["'`](?<=(?:key|secret|token|credentials?|word|wd|phrase)["'`]?\]?\s{0,4}(?:[=:]|=>)\s{0,4}[bru]?["'`])/i;

/** A variable of a shell or a `.env` file. */
const VARIABLE = /=(?<=(?:KEY|TOKEN|SECRET|PASSWORD)=)(?=[\w+/.~-]{16})/;

/** Whether a text may hold a credential. */
export function mayHoldCredential(text: string): boolean {
  return mayHoldKnownCredential(text) || QUOTED.test(text) || VARIABLE.test(text);
}

/** Whether a text may hold a credential of a form that is known to be a provider's. */
export function mayHoldKnownCredential(text: string): boolean {
  return (
    UNDERSCORED.test(text) ||
    DASHED.test(text) ||
    DOTTED.test(text) ||
    PLAIN.test(text) ||
    COLON.test(text) ||
    text.includes("PRIVATE KEY") ||
    text.includes("T3BlbkFJ") ||
    text.includes("Bearer") ||
    ADDRESSED.test(text) ||
    // npm's way to write a GitHub token
    text.includes(":x-oauth-basic@")
  );
}
