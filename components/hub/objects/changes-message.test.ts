import { describe, expect, it } from "vitest";
import { changesIn, changesMessage } from "./changes-message.ts";
import type { HubChanges } from "./hub-changes.ts";

const CHANGES: HubChanges = {
  hub: "campus/staging",
  objects: [{ apiVersion: "v1", kind: "ConfigMap", name: "hub", change: "added", fields: [] }],
  values: [],
  effects: [],
};

describe("the message of a hub's changes", () => {
  it("is read by people, and back as the changes", () => {
    const message = changesMessage(CHANGES);
    expect(message.split("\n").slice(0, 2)).toEqual([
      "hub campus/staging: 1 object",
      "  ConfigMap hub: added",
    ]);
    expect(changesIn(`${message}\n`)).toEqual(CHANGES);
  });

  it("is no other message", () => {
    for (const message of [
      "",
      "hub campus/staging: 1 object",
      "lectern:hub-changes {",
      "lectern:hub-changes {}",
    ]) {
      expect(changesIn(message)).toBeUndefined();
    }
  });
});
