import type { DeployedMap, MapStack } from "../../../../plan/map/map-file.ts";
import type { Deployed } from "../../../api/articles.ts";

/**
 * What each stack of a map has of an article.
 * @param id as the map has it: `course/bell-states`
 * @param fingerprint of the content in the catalog; undefined where it has errors
 */
export function deployedOf(map: DeployedMap, id: string, fingerprint: string | undefined): Deployed[] {
  return map.stacks.flatMap((stack) => {
    const things = stack.outputs?.things;
    if (!things?.some(({ kind }) => kind === "course" || kind === "blog")) return [];
    return deployedIn(stack, id, fingerprint);
  });
}

function deployedIn({ stack, outputs }: MapStack, id: string, fingerprint: string | undefined): Deployed {
  const thing = outputs?.things.find((one) => one.id === id);
  if (!thing || thing.held?.deployed === false) {
    return { stack, state: "none", ...(thing?.held && { held: thing.held.reason }) };
  }
  const { digest, since, held, url } = thing;
  return {
    stack,
    state: stateOf(digest, fingerprint),
    ...(since !== undefined && { since }),
    ...(held && { held: held.reason }),
    ...(url !== undefined && isWeb(url) && { url }),
  };
}

/** An article with errors has no fingerprint: nobody deploys it. */
function stateOf(deployed: string | undefined, catalog: string | undefined): Deployed["state"] {
  if (deployed === undefined) return "unknown";
  return deployed === catalog ? "same" : "differs";
}

/** A report may come from elsewhere: an address that would run something is none to open. */
const isWeb = (url: string) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
