import type { Json, JsonObject } from "../../../../api/json.ts";
import type { RepositoryTag } from "../../../../api/tags.ts";
import { fieldAt } from "./fields.ts";

/**
 * An image of a repository as profiles.yaml lists it: by its digest, named by a tag. A moving tag will name another image
 * later, so what it stands for names the image.
 */
export function imageOf({ target, ...chosen }: RepositoryTag, repository: string): JsonObject {
  const { tag, name } = target ?? chosen;
  return { image: `${repository}:${tag}@${chosen.digest}`, display_name: name };
}

/** Whether a profile lists the image of a tag already, under whatever tag. */
export const isListed = ({ digest }: RepositoryTag, listed: readonly Json[]): boolean =>
  listed.some((one) =>
    (typeof one === "string" ? one : String(fieldAt(one, ["image"]))).endsWith(`@${digest}`),
  );
