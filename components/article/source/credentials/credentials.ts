import { findAssignedSecrets } from "./assigned-secret.ts";
import type { Credential } from "./credential.ts";
import { mayHoldKnownCredential } from "./credential-triage.ts";
import { isPlaceholder } from "./placeholder.ts";
import { findPrivateKeys } from "./private-key.ts";
import { findProviderCredentials } from "./provider-rules.ts";

/** Every credential in a text, without placeholders. A form that is known to be a provider's comes first. */
export async function findCredentials(text: string): Promise<Credential[]> {
  const known = mayHoldKnownCredential(text) ? await findKnown(text) : [];
  const found = [...known, ...findProviderCredentials(text), ...findAssignedSecrets(text)];
  return distinct(found.filter(({ secret }) => secret !== "" && !isPlaceholder(secret)));
}

async function findKnown(text: string): Promise<Credential[]> {
  // Larger than all of this project's own rules together, and needed for few texts.
  const { findByRecommendedRules } = await import("./recommended-rules.ts");
  return [...findPrivateKeys(text), ...(await findByRecommendedRules(text))];
}

/** Two rules may report one credential. */
function distinct(found: readonly Credential[]): Credential[] {
  const inOrder = [...found].sort((a, b) => a.offset - b.offset || b.secret.length - a.secret.length);
  return inOrder.filter(
    ({ offset, secret }, index) =>
      !inOrder
        .slice(0, index)
        .some(
          (other) => other.offset <= offset && offset + secret.length <= other.offset + other.secret.length,
        ),
  );
}
