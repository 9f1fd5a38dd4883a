import { defineResource } from "../../resource/define-resource.ts";
import { hubRetirementContract } from "./hub-retirement-contract.ts";

/** Stops a hub before its release is removed, and keeps its volumes; depends on the release. */
export const HubRetirement = defineResource(hubRetirementContract, ["stopped", "volumes"]);
