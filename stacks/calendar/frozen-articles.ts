import { isContent } from "../../components/article/contents.ts";
import type { OutputEntries } from "../outputs/outputs.ts";
import type { StackPolicy } from "../policy.ts";
import { isHeld } from "../promotion/gate.ts";
import type { Freeze } from "./freeze.ts";

/** A policy whose articles stay as they are while an exam freezes them. One that is new is published. */
export function withFrozenArticles(
  policy: StackPolicy,
  freeze: Freeze,
  before: OutputEntries<"articles">,
): StackPolicy {
  if (freeze.frozen.courses.size === 0) return policy;
  return {
    ...policy,
    article: (id, contents) => {
      const gate = policy.article(id, contents);
      const [kind, folder = ""] = id.split("/");
      const by = kind === "course" && before.has(id) ? freeze.frozen.courses.get(folder) : undefined;
      if (!by || isHeld(gate)) return gate;
      const differs = !isContent(contents, before.get(id)?.fingerprint);
      return freeze.decide(id, by, gate, { deployed: true, differs });
    },
  };
}
