import type { HubDeclaration } from "../../components/cluster/declaration/cluster-declaration.ts";
import type { StartedImage } from "../../components/hub/profiles/images/started-images.ts";
import type { Gate, Hold } from "../promotion/gate.ts";
import type { Parts } from "../promotion/hub-parts.ts";
import type { ReleasePlan } from "./release/release-plan.ts";

/** What becomes of a hub in a run. */
export interface HubDecision {
  readonly gate: Gate<Parts>;
  /** What it is deployed with. */
  readonly decided: ReleasePlan;
  /** The profiles that it offers alone while an exam is on. */
  readonly exam?: readonly string[];
  /** What is held of it, although it is deployed as it was before. */
  readonly waiting?: Hold;
}

/** A hub as it is to be registered. */
export interface PlannedHub extends Omit<HubDecision, "decided"> {
  readonly hub: HubDeclaration;
  readonly plan: ReleasePlan;
  /** The images of the catalog that its users start. */
  readonly started: readonly StartedImage[];
}
