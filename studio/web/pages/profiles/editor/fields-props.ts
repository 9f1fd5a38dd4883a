import type { ApiCluster } from "../../../../api/clusters.ts";
import type { Json, JsonObject } from "../../../../api/json.ts";
import type { ApiProblem } from "../../../../api/problem.ts";
import type { FieldPath } from "../model/fields.ts";

/** What a part of the editor gets of the profile. */
export interface FieldsProps {
  readonly profile: JsonObject;
  readonly cluster: ApiCluster;
  readonly problems: readonly ApiProblem[];
  /** Sets a field; undefined removes it. */
  readonly set: (path: FieldPath, value: Json | undefined) => void;
  /** Makes another profile of the latest one, which may be newer than `profile`. */
  readonly change: (make: (profile: JsonObject) => JsonObject) => void;
}
