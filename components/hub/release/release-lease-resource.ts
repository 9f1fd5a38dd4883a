import { defineResource } from "../../resource/define-resource.ts";
import { releaseLeaseContract } from "./lease/release-lease-contract.ts";

/** Holds a release for this run, and heals what a killed one left of it; the release depends on it. */
export const ReleaseLease = defineResource(releaseLeaseContract, ["healed"]);
