import { describe, expect, it } from "vitest";
import { recordSecret } from "../testing/helm-record.ts";
import { manifestObjects } from "./manifest.ts";
import { lastDeployed } from "./release-history.ts";
import { decodeRecord, withStatus } from "./release-record.ts";

const CANARY = "canary-of-the-values";
const STORED = {
  name: "hub",
  version: 3,
  namespace: "campus",
  config: { token: CANARY },
  manifest:
    "---\n# Source: hub/x.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: hub}\ndata: {on: yes}\n---\n",
  hooks: [
    {
      name: "move",
      kind: "Job",
      manifest: "apiVersion: batch/v1\nkind: Job\nmetadata: {name: move}\n",
      events: ["pre-upgrade"],
      delete_policies: ["hook-succeeded"],
    },
  ],
  info: { status: "deployed", description: "Upgrade complete", first_deployed: "2026-01-01T00:00:00Z" },
  chart: { metadata: { name: "hub", version: "1.2.0" }, templates: [] },
  apply_method: "ssa",
};

describe("a record of Helm's", () => {
  it("is read, compressed or not", () => {
    for (const compress of [true, false])
      expect(decodeRecord(recordSecret(STORED, compress))).toMatchObject({
        release: "hub",
        revision: 3,
        status: "deployed",
        chart: { name: "hub", version: "1.2.0" },
        config: { token: CANARY },
        manifest: [{ kind: "ConfigMap", metadata: { name: "hub" } }],
        hooks: [{ events: ["pre-upgrade"], deletePolicies: ["hook-succeeded"], objects: [{ kind: "Job" }] }],
        isServerSide: true,
      });
  });

  it("keeps everything but its status when that is changed", () => {
    const before = recordSecret(STORED);
    const after = withStatus(before, decodeRecord(before), "failed", "set aside");
    expect(after.metadata.labels?.["status"]).toBe("failed");
    const info = { ...STORED.info, status: "failed", description: "set aside" };
    expect(decodeRecord(after).stored).toEqual({ ...STORED, info });
  });

  it.each([
    ["no data", {}],
    ["no base64", { release: "%%" }],
    [
      "no record",
      { release: Buffer.from(Buffer.from(`{"x":"${CANARY}"}`).toString("base64")).toString("base64") },
    ],
  ])("that can't be read is named, without its content: %s", (_case, data) => {
    const read = () => decodeRecord({ ...recordSecret(STORED), data });
    expect(read).toThrow(/sh\.helm\.release\.v1\.hub\.v3 is not a record/);
    expect(read).not.toThrow(CANARY);
  });

  it("of the last deployment is the newest that is deployed, else the newest that was", () => {
    const history = (...statuses: string[]) =>
      statuses.map((status, index) => ({ revision: 9 - index, status, secret: recordSecret(STORED) }));
    expect(lastDeployed(history("failed", "deployed", "superseded"))?.revision).toBe(8);
    expect(lastDeployed(history("pending-upgrade", "superseded", "superseded"))?.revision).toBe(8);
    expect(lastDeployed(history("pending-install"))).toBeUndefined();
  });
});

describe("a manifest", () => {
  it("is read as Helm reads it: words for truth, old octals, no dates, no times", () => {
    const text =
      "apiVersion: v1\nkind: X\nmetadata: {name: x}\na: yes\nb: off\nc: 0644\nd: 2026-01-01\ne: 12:30:00\nf: 1.0\n";
    expect(manifestObjects(text, "x")).toMatchObject([
      { a: true, b: false, c: 0o644, d: "2026-01-01", e: "12:30:00", f: 1 },
    ]);
  });

  it("takes lists of objects apart and leaves out what is empty", () => {
    const item = (name: string) => `{apiVersion: v1, kind: ConfigMap, metadata: {name: ${name}}}`;
    const text = `---\n# nothing\n---\napiVersion: v1\nkind: List\nitems: [${item("a")}, ${item("b")}]\n---\n${item("c")}\n`;
    expect(manifestObjects(text, "x").map(({ metadata }) => metadata.name)).toEqual(["a", "b", "c"]);
    expect(manifestObjects("", "x")).toEqual([]);
  });

  it("that is none is named, without its content", () => {
    for (const text of [`a: [${CANARY}`, `- ${CANARY}`, `kind: ${CANARY}`]) {
      expect(() => manifestObjects(text, "revision 3 of the release hub")).toThrow(
        /document 1 .* revision 3/,
      );
      expect(() => manifestObjects(text, "x")).not.toThrow(CANARY);
    }
  });
});
