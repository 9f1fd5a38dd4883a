import { defineResource } from "../../resource/define-resource.ts";
import { releaseDriftContract } from "./release-drift-contract.ts";

/** Finds what was edited of a release's objects, and puts it back; depends on the release. */
export const ReleaseDrift = defineResource(releaseDriftContract, ["revision", "edits"]);
