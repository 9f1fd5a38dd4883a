import { isUnknown } from "../../resource/provider.ts";

/**
 * The registrations that the gateway was not restarted for yet. One that is not known before `up`
 * is a kernel that will be created, and counts; one that went away doesn't.
 */
export function newRegistrations(applied: readonly string[], registrations: unknown): readonly string[] {
  if (isUnknown(registrations)) return ["(not known yet)"];
  if (!Array.isArray(registrations)) return [];
  return registrations
    .filter((id) => !applied.includes(id))
    .map((id) => (isUnknown(id) ? "(not known yet)" : String(id)));
}
