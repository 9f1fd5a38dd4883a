import { changesIn } from "../components/hub/objects/changes-message.ts";
import type { HubChanges } from "../components/hub/objects/hub-changes.ts";
import type { Diagnostic, Step } from "./model.ts";

/** The changes of hubs' objects by the URN of the hub, gathered from what a preview reports. */
export class HubObjects {
  readonly #byUrn = new Map<string, HubChanges>();

  /** Whether a message carries the changes of a hub; it is shown with the hub's step then, and nowhere else. */
  take({ message, urn }: Pick<Diagnostic, "message" | "urn">): boolean {
    const changes = urn === undefined ? undefined : changesIn(message);
    if (urn === undefined || changes === undefined) return false;
    this.#byUrn.set(urn, changes);
    return true;
  }

  /** The steps, each hub's with its changes. */
  ofSteps(steps: readonly Step[]): Step[] {
    return steps.map((step) => {
      const objects = this.#byUrn.get(step.urn);
      return objects === undefined ? step : { ...step, objects };
    });
  }
}
