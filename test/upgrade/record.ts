import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { LecternOnPulumi } from "../engine/lectern.ts";
import { findPulumi } from "../engine/programs.ts";
import { findCluster } from "../services/cluster/cluster.ts";
import { startHubCluster } from "./cluster.ts";
import { Place } from "./place.ts";

// Records the states that a checkout of an earlier commit makes of the catalog beside this file, by its
// own sandbox and on the real engine: record.ts CHECKOUT

const checkout = resolve(process.argv[2] ?? ".");
const commit = execFileSync("git", ["rev-parse", "--short=7", "HEAD"], { cwd: checkout, encoding: "utf8" });
const folder = join(import.meta.dirname, commit.trim());

await record("sandbox", async (place) => {
  const given = ["--catalog", place.catalog, "--state", place.services];
  const command = [join(checkout, "cli/lectern.mjs"), "sandbox", "up"];
  execFileSync(process.execPath, [...command, ...given], { stdio: "inherit" });
  place.keep(
    join(folder, "sandbox"),
    readFileSync(join(place.services, "state/sandbox.json"), "utf8"),
    checkout,
  );
});

await record("pulumi", async (place) => {
  const [cli, programs] = [findPulumi(), findCluster()];
  if (!cli || !programs) throw new Error("test/services/install.sh has to be run first");
  const cluster = await startHubCluster(programs, place.home);
  try {
    const { services, catalog, home } = place;
    const lectern = new LecternOnPulumi({
      cli,
      folder: place.folder,
      services,
      catalog,
      root: checkout,
      config: { "lectern:clusters": undefined },
      environment: { HOME: home },
    });
    const up = await lectern.run("up", "sandbox");
    if (!up.ok) throw new Error(up.stdout + up.stderr);
    const state = join(place.folder, "exported.json");
    await lectern.pulumi.export("sandbox", state);
    // The services, and with them the restart's script, are of this checkout.
    place.keep(join(folder, "pulumi"), readFileSync(state, "utf8"), resolve(import.meta.dirname, "../.."));
  } finally {
    await cluster.stop();
  }
});

async function record(engine: string, act: (place: Place) => Promise<void>): Promise<void> {
  const temporary = mkdtempSync(join(tmpdir(), "lectern-record-"));
  try {
    await act(await Place.make(temporary));
    process.stdout.write(`recorded ${engine}\n`);
  } finally {
    rmSync(temporary, { recursive: true });
  }
}
