import { z } from "zod";
import type { NoAnswer } from "../../http/request.ts";
import { LecternError } from "../../problem/problem.ts";
import { hostOf, type Repository } from "../reference.ts";
import type { Registry } from "./registry-config.ts";

/** The registry did not answer at all, or with more than anybody can have asked for. */
export function noAnswer(registry: Registry, error: NoAnswer): LecternError {
  if (error.reason === "too-large")
    return new LecternError({
      code: "oversized-answer",
      severity: "error",
      message: `the registry ${registry.host} answers with too much: ${error.message}`,
      remedy: "Check that the host is a registry, and ask its owner",
    });
  return new LecternError({
    code: "registry-unreachable",
    severity: "error",
    message: `the registry ${registry.host} does not answer: ${error.message}`,
    remedy: `Check that it is up, and that lectern:registries.${registry.host}.endpoint is right`,
  });
}

/**
 * The registry answered with something else than what was asked for.
 * @param what what was tried, such as `list the tags of ghcr.io/org/image`
 */
export async function refusal(
  repository: Repository,
  what: string,
  response: Response,
): Promise<LecternError> {
  const reason = await reasonOf(response);
  const { code, remedy } = classify(repository, response.status);
  return new LecternError({
    code,
    severity: "error",
    message: `can't ${what}: the registry answered ${response.status}${reason}`,
    remedy,
  });
}

/** The registry's bytes are not those of the digest that it names: none of them can be trusted. */
export function digestMismatch(where: string, claimed: string, real: string): LecternError {
  return new LecternError({
    code: "digest-mismatch",
    severity: "error",
    message: `the registry reports ${claimed} for ${where}, but the digest of its bytes is ${real}`,
    remedy: "Don't use this image; ask the registry's owner, or push it again",
  });
}

function classify(repository: Repository, status: number): { code: string; remedy: string } {
  const host = hostOf(repository);
  if (status === 401 || status === 403) {
    return {
      code: "registry-access-denied",
      remedy: `Check the name ${repository}, and that lectern:registries.${host}.username with its password in lectern:registryPasswords may use it`,
    };
  }
  if (status === 404) {
    return { code: "missing-repository", remedy: `Check the name ${repository}` };
  }
  if (status === 429) {
    return {
      code: "registry-rate-limit",
      remedy: `Wait a while, or log in with lectern:registries.${host}.username: most registries allow more requests after a login`,
    };
  }
  return { code: "registry-refused", remedy: "Try again; if the error persists, ask the registry's owner" };
}

const errorBody = z.object({
  errors: z.array(z.object({ code: z.string(), message: z.string().optional() })).min(1),
});

/** A registry's own error is shown only in its specified form, the first one, and short. */
async function reasonOf(response: Response): Promise<string> {
  const body = errorBody.safeParse(await response.json().catch(() => undefined));
  const first = body.data?.errors[0];
  if (!first || !/^[A-Z_]{3,40}$/.test(first.code)) return "";
  const message = first.message?.replace(/[^\x20-\x7e]/g, " ").slice(0, 160);
  return ` (${first.code}${message ? `: ${message}` : ""})`;
}
