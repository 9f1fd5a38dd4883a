import type { JsonObject } from "../../../json.ts";
import { placeholdersIn } from "../../values/image-placeholders.ts";
import type { ValuesPath } from "../../values/layers.ts";
import type { RenderedProfile } from "../profile-list.ts";

/** An image of the catalog's images/ that users of a hub can start, and where. */
export interface StartedImage {
  /** The image's folder. */
  readonly name: string;
  /** Whether it starts on any node that takes an ordinary pod. */
  readonly anywhere: boolean;
  /** Slugs of the node groups whose nodes may start it besides. */
  readonly nodeGroups: readonly string[];
}

/** What JupyterHub's chart runs once, and not for each user. */
const NOT_OF_USERS = ["hub", "proxy", "prePuller", "scheduling", "cull", "ingress"];

/**
 * The images that a hub's values name by a placeholder and users' servers start, each once for each place that names
 * it: one of a profile on the profile's node groups, another on those of every profile that it is for.
 * @param values as the release is given them, placeholders included
 * @param jupyterhub where JupyterHub's own values are in them
 * @param rendered the profiles that the values have
 */
export function startedImages(
  values: JsonObject,
  jupyterhub: ValuesPath,
  rendered: readonly RenderedProfile[],
): StartedImage[] {
  return placeholdersIn(values).flatMap(({ name, path }) => {
    const isOfJupyterhub = jupyterhub.every((step, index) => path[index] === step);
    const [section = "", key, index] = isOfJupyterhub ? path.slice(jupyterhub.length) : [];
    if (NOT_OF_USERS.includes(String(section))) return [];
    const own = section === "singleuser" && key === "profileList" ? rendered[Number(index)] : undefined;
    if (own) return [placed(name, [own])];
    const isDefaultImage = section === "singleuser" && key === "image";
    const users = isDefaultImage ? rendered.filter((profile) => !hasImage(profile)) : rendered;
    return rendered.length > 0 && users.length === 0 ? [] : [placed(name, users)];
  });
}

const placed = (name: string, profiles: readonly RenderedProfile[]): StartedImage => ({
  name,
  anywhere:
    profiles.length === 0 || profiles.some(({ nodeGroups, anywhere = nodeGroups.length === 0 }) => anywhere),
  nodeGroups: [...new Set(profiles.flatMap(({ nodeGroups }) => nodeGroups))].sort(),
});

/** Whether a profile starts an image of its own in the place of the hub's. */
const hasImage = ({
  profile: { kubespawner_override: override = {}, profile_options: options = {} },
}: RenderedProfile) => "image" in override || "image" in options;
