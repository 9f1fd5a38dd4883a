/*
 * Which texts the credential rules need to be run on: each expression is what a text must contain for one of
 * the rules to report anything, read off the rules' own expressions and gathered by the character that a search
 * can look for fast. Tests hold that every rule of the installed preset is accounted for, and that a text that
 * is ruled out here holds nothing that the rules would report.
 */

/** Before an underscore: 1Password, Docker, Figma, GitHub, Grafana, Groq, Hugging Face, Linear, Notion, npm and more. */
const UNDERSCORED =
  "(?:gh[pousr]|github_pat|gsk|hf|npm|ntn|lin_api|shp(?:pa|ca|at|ss)|glc|glsa|ops|vc[piark]|dckr_pat|figd|[rs]k_(?:live|test)|lsv2_(?:pt|sk)|pcsk|r8|do[opr]_v1)_";

/** Before a hyphen: Slack, Anthropic, GitLab, Google, D-Wave, PyPI, OpenRouter, xAI, Perplexity, Pulumi. */
const DASHED =
  "(?:xox[bpaor]|xapp|sk-ant|gl(?:pat|dt|rt|ft|ptt|cbt|soat)|GOCSPX|pypi|sk-or|xai|pplx|pul|[A-Z]{3})-";

/** Before a dot: SendGrid, HashiCorp Vault. */
const DOTTED = String.raw`(?:SG|hv[sbr])\.`;

/** After an underscore npm and IBM Quantum, after a colon Telegram and GitHub as npm writes it. */
const FOLLOWED = String.raw`(?<=_)a(?:uthToken=|ccount\()|(?<=:)(?:AA[\w-]{33}|x-oauth-basic@)`;

/** All of them at once: to look at each such character is what takes time. */
const PUNCTUATED = new RegExp(
  String.raw`[_.\-:](?:(?<=${UNDERSCORED}|${DASHED}|${DOTTED})[\w+/-]{12}|${FOLLOWED})`,
);

/** AWS, where a secret key is assigned. */
const SECRET_KEY = /[=:](?<=(?:KEY|[Kk]ey)["']?\s*[:=])(?=>?\s*["']?[A-Za-z0-9/+=]{40})/;

/** AWS and Google, by the letter that they begin with. */
const LETTERED = /A(?:3T|KIA|GPA|IDA|ROA|IPA|NPA|NVA|SIA|Iza)[\w-]{16}/;

/** Words beside a credential, or in it. */
const TELLING = [
  "PRIVATE KEY",
  "T3BlbkFJ", // OpenAI
  "Bearer",
  "Authorization",
  "Key=", // Azure
  "QProvider(", // IonQ
  "wandb", // Weights & Biases
  "dapi", // Databricks
];

/** Passwords in addresses of web sites and databases, and the addresses of Slack's and Discord's webhooks: what follows `://`. */
const ADDRESSED = /[^/\s]{1,600}@|hooks\.slack\.com|(?:\w+\.)?discord(?:app)?\.com\/api/iy;

/** Between a name and its value in quotes, in Python, R, JSON, YAML, JavaScript or a shell. */
export const ASSIGNS = String.raw`["'\`]?\]?\s{0,4}(?::=|=>|<-|[=:]|:\s?[a-z][\w.\[\] |]{0,30}=)\s{0,4}[bruf]{0,2}`;

/** A quotation mark that opens a value, after the name of a secret, or a comma where it is the default value. */
const QUOTED = new RegExp(
  String.raw`["'\`](?<=(?:key|secret|token|credentials?|word|wd|phrase)(?:${ASSIGNS}|["']\s?,\s{0,4}[bruf]{0,2})["'\`])`,
  "i",
);

/** A variable of a shell or a `.env` file, a line of an INI or YAML file, the query of an address, a header. */
const UNQUOTED = /[=:](?<=(?:key|token|secret|password|credentials?)[ \t]?[=:])(?=[ \t]?[\w+/.~%-]{16})/i;

/** The option of a command. */
const OPTION = /--(?:\w+-){0,6}\w*(?:key|token|secret|credentials?)[ \t=]/i;

/** Magic commands of IPython. */
const MAGIC = ["%env", "%set_env"];

/** Whether a text may hold a credential. */
export function mayHoldCredential(text: string): boolean {
  return (
    mayHoldKnownCredential(text) ||
    QUOTED.test(text) ||
    UNQUOTED.test(text) ||
    includesAny(text, MAGIC) ||
    (text.includes("--") && OPTION.test(text))
  );
}

/** Whether a text may hold a credential of a form that is known to be a provider's. */
export function mayHoldKnownCredential(text: string): boolean {
  return (
    PUNCTUATED.test(text) ||
    SECRET_KEY.test(text) ||
    LETTERED.test(text) ||
    hasTellingAddress(text) ||
    includesAny(text, TELLING)
  );
}

function hasTellingAddress(text: string): boolean {
  for (let at = text.indexOf("://"); at >= 0; at = text.indexOf("://", at + 3)) {
    ADDRESSED.lastIndex = at + 3;
    if (ADDRESSED.test(text)) return true;
  }
  return false;
}

function includesAny(text: string, words: readonly string[]): boolean {
  return words.some((word) => text.includes(word));
}
