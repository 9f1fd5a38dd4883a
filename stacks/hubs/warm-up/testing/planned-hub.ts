import type { RenderedProfile } from "../../../../components/hub/profiles/profile-list.ts";
import type { JsonObject } from "../../../../components/json.ts";
import type { PlannedHub } from "../../planned-hub.ts";

const Z2JH = { repository: "https://hub.jupyter.org", name: "jupyterhub", version: "4.4.0" };

/** The hub campus/prod with these values of JupyterHub's chart, which may be one of the catalog. */
export const plannedHub = (
  effective: JsonObject = {},
  { folder, retire = false }: { readonly folder?: string | undefined; readonly retire?: boolean } = {},
): PlannedHub =>
  ({
    hub: { id: "campus/prod", name: "prod", namespace: "prod", retire },
    plan: { chart: folder === undefined ? Z2JH : { folder }, effective, jupyterhub: [] },
  }) as unknown as PlannedHub;

export const someProfile = (
  slug: string,
  more: Partial<RenderedProfile["profile"]> = {},
): RenderedProfile => ({ profile: { display_name: slug, slug, ...more }, nodeGroups: [] });
