import type { Credential } from "./credential.ts";

/** A form that one provider's credentials have. */
interface ProviderRule {
  /** To be read after "has". */
  readonly what: string;
  /** The secret is the group `secret`, or else the whole match. Global. */
  readonly pattern: RegExp;
}

/**
 * Credentials that the recommended rules of secretlint lack, by the forms that their providers document. What a
 * text must contain for one of them is repeated in credential-triage.ts; a test compares the two.
 */
export const PROVIDER_RULES: readonly ProviderRule[] = [
  {
    what: "an AWS access key ID",
    pattern: /(?<![A-Za-z0-9])(?:A3T[A-Z0-9]?|AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
  },
  { what: "a Google API key", pattern: /\bAIza[\w-]{35}(?![\w-])/g },
  { what: "a Google OAuth client secret", pattern: /\bGOCSPX-[\w-]{28}(?![\w-])/g },
  { what: "an Azure storage key", pattern: /\bAccountKey=(?<secret>[A-Za-z0-9+/]{86}==)/g },
  {
    what: "an Azure access key",
    pattern: /\b(?:ApiKey|SharedAccessKey)=(?<secret>[A-Za-z0-9+/]{42,86}(?![A-Za-z0-9+/])={0,2})/g,
  },
  { what: "a D-Wave token", pattern: /\b[A-Z]{3,4}-[0-9a-f]{40}\b/g },
  {
    what: "an IBM Quantum token",
    pattern: /\b(?:save|enable)_account\(\s*(["'])(?<secret>[\w-]{40,130})\1/g,
  },
  { what: "a Stripe key", pattern: /\b[rs]k_(?:live|test)_[A-Za-z0-9]{24,250}\b/g },
  { what: "a PyPI token", pattern: /\bpypi-AgE[A-Za-z0-9_-]{50,}/g },
  {
    what: "a Discord webhook",
    pattern: /https:\/\/(?:\w+\.)?discord(?:app)?\.com\/api\/(?:v\d+\/)?webhooks\/\d{17,20}\/[\w-]{60,80}/g,
  },
  { what: "a Telegram bot token", pattern: /\b\d{8,10}:AA[\w-]{33}(?![\w-])/g },
  {
    what: "a Kaggle key",
    pattern: /"username"\s*:\s*"[^"\s]+"\s*,\s*"key"\s*:\s*"(?<secret>[0-9a-f]{32})"/g,
  },
  {
    what: "a Weights & Biases key",
    pattern: /\bwandb(?:\.login\(\s*(?:key\s*=\s*)?["']| login )(?<secret>[0-9a-f]{40})(?![0-9a-f])/g,
  },
  { what: "an IonQ key", pattern: /\bIonQProvider\(\s*["'](?<secret>[A-Za-z0-9]{32})["']/g },
  { what: "a LangSmith key", pattern: /\blsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}\b/g },
  { what: "a Pinecone key", pattern: /\bpcsk_[A-Za-z0-9_]{50,80}\b/g },
  { what: "a Replicate token", pattern: /\br8_[A-Za-z0-9]{37}\b/g },
  { what: "an OpenRouter key", pattern: /\bsk-or-v1-[0-9a-f]{64}\b/g },
  { what: "an xAI key", pattern: /\bxai-[A-Za-z0-9]{80}\b/g },
  { what: "a Perplexity key", pattern: /\bpplx-[A-Za-z0-9]{48}\b/g },
  { what: "a DigitalOcean token", pattern: /\bdo[opr]_v1_[0-9a-f]{64}\b/g },
  { what: "a Pulumi token", pattern: /\bpul-[0-9a-f]{40}\b/g },
  { what: "a GitLab token", pattern: /\bgl(?:dt|rt|ft|ptt|cbt|soat)-[\w-]{20,64}(?![\w-])/g },
  {
    what: "a bearer token",
    pattern:
      /(?:\bBearer|\bAuthorization["']?\]?\s{0,2}[:=]\s{0,2}[bruf]?["']?(?:Token|[Aa][Pp][Ii]-?[Kk]ey))\s+(?<secret>(?=[\w.~+/-]*\d)(?=[\w.~+/-]*[A-Za-z])[\w.~+/-]{24,}=*)/g,
  },
];

/** What the providers' rules find in a text, placeholders included. */
export function findProviderCredentials(text: string): Credential[] {
  return PROVIDER_RULES.flatMap(({ what, pattern }) =>
    [...text.matchAll(pattern)].map(({ index, 0: whole, groups }) => {
      const secret = groups?.["secret"] ?? whole;
      return { what, offset: index + whole.lastIndexOf(secret), secret };
    }),
  );
}
