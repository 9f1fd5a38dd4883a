/** A credential in a text. The secret itself is only for masking: it goes into nothing that is reported. */
export interface Credential {
  /** The kind, to be read after "has": `a GitHub token`. */
  readonly what: string;
  /** UTF-16 units. */
  readonly offset: number;
  readonly secret: string;
  /** Whether only the name that it is assigned to tells what it is. */
  readonly isGuess?: true;
}

/** The text with every credential's characters replaced by `*`, of the same length. */
export function mask(text: string, secrets: readonly string[]): string {
  return secrets.reduce((masked, secret) => masked.replaceAll(secret, "*".repeat(secret.length)), text);
}

/** What to do about a credential. */
export function credentialRemedy({ isGuess }: { readonly isGuess?: true }): string {
  const remedy = "Remove it here, and revoke it: it may have been read already";
  return isGuess ? `${remedy}. If it is only an example, write a placeholder such as <token>` : remedy;
}
