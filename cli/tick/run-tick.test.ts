import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FakeCluster } from "../../components/cluster/warm-up/testing/fake-cluster.ts";
import { at, someWindow, someWindows } from "../../components/cluster/warm-up/testing/some-windows.ts";
import { windowsText } from "../../components/cluster/warm-up/windows.ts";
import { capturePrinted, temporaryFolder } from "../testing/command-test.ts";
import { runTick } from "./run-tick.ts";

const WINDOWS = windowsText(someWindows([someWindow("python", 30, 60, 70, 300)])).text;

describe("lectern tick", () => {
  const folder = temporaryFolder("tick");
  const printed = capturePrinted();
  const file = () => join(folder, "windows.json");

  async function ticked(text: string | undefined, cluster = new FakeCluster()) {
    if (text !== undefined) writeFileSync(file(), text);
    const world = { now: () => at(45), scaler: async () => cluster };
    const code = await runTick({ windows: file() }, world);
    return { code, cluster, out: printed.out.join(""), err: printed.err.join("") };
  }

  it("scales what the windows want, says so in one line and succeeds", async () => {
    const { code, cluster, out, err } = await ticked(WINDOWS);
    expect([code, out, err]).toEqual([0, "2026-10-05T00:45:00Z scaled python 0 → 300\n", ""]);
    expect(cluster.has.get("warm-up-python")).toBe(300);
  });

  it("fails where a placeholder can't be scaled", async () => {
    const cluster = new FakeCluster();
    cluster.refuses.add("warm-up-python");
    expect(await ticked(WINDOWS, cluster)).toMatchObject({
      code: 1,
      out: expect.stringMatching(/ scaled nothing\n$/),
      err: expect.stringMatching(/^error: warm-up-python\. Wait\./),
    });
  });

  it.each([
    ["there is no file", undefined, /windows\.json: the windows can't be read \(ENOENT\)/],
    ["the file is of a later version", '{"version": 2}', /is of version 2/],
  ])("fails before it scales where %s", async (_why, text, message) => {
    const { code, out, err, cluster } = await ticked(text);
    expect([code, out, cluster.writes]).toEqual([1, "", 0]);
    expect(err).toMatch(message);
  });
});
