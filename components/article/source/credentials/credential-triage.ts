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

/** AWS, Databricks, Google, Azure, IonQ, Weights & Biases. */
const PLAIN =
  /A(?:3T|KIA|GPA|IDA|ROA|IPA|NPA|NVA|SIA|Iza|(?:ccount|pi|ccess)Key)[\w=-]{16}|QProvider\(|wandb(?: |\.)login|(?:SECRET|[Ss]ecret)_?(?:ACCESS|[Aa]ccess)|dapi[A-Fa-f0-9]/;

/** Passwords in addresses of web sites and databases, and the addresses of Slack's and Discord's webhooks. */
const ADDRESSED = /:\/\/(?:[^/\s]{1,600}@|hooks\.slack\.com|(?:\w+\.)?discord(?:app)?\.com\/api)/i;

/** Telegram. */
const COLON = /:AA[\w-]{33}/;

/** Between a name and its value in quotes, in Python, R, JSON, YAML, JavaScript or a shell. */
export const ASSIGNS = String.raw`["'\`]?\]?\s{0,4}(?::=|=>|<-|[=:]|:\s?[a-z][\w.\[\] |]{0,30}=)\s{0,4}[bruf]{0,2}`;

/** A quotation mark that opens a value, after the name of a secret, or a comma where it is the default value. */
const QUOTED = new RegExp(
  String.raw`["'\`](?<=(?:key|secret|token|credentials?|word|wd|phrase)(?:${ASSIGNS}|["']\s?,\s{0,4}[bruf]{0,2})["'\`])`,
  "i",
);

/** A variable of a shell or a `.env` file, a line of an INI or YAML file, the query of an address, a header. */
const UNQUOTED = /[=:](?<=(?:key|token|secret|password|credentials?)[ \t]?[=:])(?=[ \t]?[\w+/.~%-]{16})/i;

/** A magic command of IPython, and the option of a command. */
const COMMAND = /%(?:set_)?env[ \t]|--(?:\w+-){0,6}\w*(?:key|token|secret|credentials?)[ \t=]/i;

/** Whether a text may hold a credential. */
export function mayHoldCredential(text: string): boolean {
  return mayHoldKnownCredential(text) || QUOTED.test(text) || UNQUOTED.test(text) || COMMAND.test(text);
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
    text.includes("Authorization") ||
    ADDRESSED.test(text) ||
    // npm's way to write a GitHub token
    text.includes(":x-oauth-basic@")
  );
}
