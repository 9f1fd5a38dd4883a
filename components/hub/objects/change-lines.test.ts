import { describe, expect, it } from "vitest";
import { changeLines } from "./change-lines.ts";
import type { FieldChange, HubChanges, ObjectChange } from "./hub-changes.ts";

const field = (text: string): FieldChange => ({ path: text, change: "changed", text });
const object = (kind: string, name: string, ...texts: string[]): ObjectChange => ({
  apiVersion: "v1",
  kind,
  name,
  change: texts.length === 0 ? "added" : "changed",
  fields: texts.map(field),
});
const CHANGES: HubChanges = { hub: "campus/staging", objects: [], values: [], effects: [] };

describe("a hub's changes for people", () => {
  it("are one line an object, and one for what users notice", () => {
    const changes: HubChanges = {
      ...CHANGES,
      objects: [
        object("Deployment", "hub", "env JUPYTERHUB_LOG_LEVEL INFO → DEBUG"),
        object("ConfigMap", "hub", "+key extra.py", "key level INFO → DEBUG"),
        { ...object("Job", "pull"), hook: true },
      ],
      relabelled: 1,
      values: [{ path: "hub.logLevel", change: "changed", before: "INFO", after: "DEBUG" }],
      effects: [
        { kind: "hub-restart", text: "the hub restarts: spawning stops for about 10 s" },
        { kind: "servers", text: "41 running servers go on" },
      ],
    };
    expect(changeLines(changes)).toEqual([
      "hub campus/staging: 3 objects",
      "  Deployment hub: env JUPYTERHUB_LOG_LEVEL INFO → DEBUG",
      "  ConfigMap hub: +1 key (extra.py), key level INFO → DEBUG",
      "  Job pull (hook): added",
      "  1 more object: labels of the chart's version",
      "  values: hub.logLevel INFO → DEBUG",
      "  the hub restarts: spawning stops for about 10 s; 41 running servers go on",
    ]);
  });

  it("are the values where objects were not compared, with the reason", () => {
    const values = [
      { path: "a", change: "added" as const },
      { path: "b", change: "removed" as const, before: "1" },
    ];
    expect(changeLines({ ...CHANGES, notCompared: "helm is not on PATH", values })).toEqual([
      "hub campus/staging: 2 values",
      "  objects were not compared: helm is not on PATH",
      "  values: +a, b 1 → unset",
    ]);
  });

  it("stay short for a first installation", () => {
    const objects = Array.from({ length: 25 }, (_, index) =>
      object(index < 20 ? "Secret" : "Service", `o${index}`),
    );
    expect(changeLines({ ...CHANGES, objects })).toEqual([
      "hub campus/staging: 25 objects",
      "  added: 20 Secret, 5 Service",
    ]);
  });

  it("list the first fields of many", () => {
    const texts = Array.from({ length: 9 }, (_, index) => `field${index} changed`);
    expect(changeLines({ ...CHANGES, objects: [object("Service", "hub", ...texts)] })[1]).toMatch(
      /field5 changed and 3 more$/,
    );
  });
});
