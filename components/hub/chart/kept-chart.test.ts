import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { packChart, unpackChart } from "./kept-chart.ts";
import { readLocalChart } from "./local-chart.ts";

const CHART = "apiVersion: v2\nname: hub\nversion: 1.0.0\n";
const LINKED = `${CHART}dependencies: [{name: base, version: 1.0.0, repository: "file://../base"}]\n`;

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "lectern-kept-"));
});
afterEach(() => rmSync(place, { recursive: true }));

function write(files: Readonly<Record<string, string | Buffer>>, name = "hub"): string {
  const folder = join(place, "catalog", name);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** An archive with one file. */
function archiveOf(path: string, text: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(path, 0);
  header.write(text.length.toString(8), 124);
  header.write("0", 156);
  return gzipSync(Buffer.concat([header, Buffer.from(text.padEnd(512, "\0")), Buffer.alloc(1024)]));
}

const WHOLE = {
  "Chart.yaml": CHART,
  ".helmignore": "drafts/\n",
  "values.yaml": "# kept with its comments\na: 1\n",
  "values.schema.json": "{}",
  "crds/hub.yaml": "kind: CustomResourceDefinition\n",
  "templates/hub.yaml": "kind: ConfigMap\n",
  "files/logo.png": Buffer.from([0x89, 0xff, 0x00]),
  "charts/db/Chart.yaml": "apiVersion: v2\nname: db\nversion: 1.0.0\n",
  "charts/db-2.tgz": archiveOf("db/Chart.yaml", "name: db\n"),
  "drafts/hub.yaml": "left out\n",
};

/** Packs a chart, changes its folder, and unpacks what was packed. */
async function kept(folder: string) {
  const { digest } = await readLocalChart(folder);
  const packed = (await packChart(folder)) ?? "";
  writeFileSync(join(folder, "templates.yaml"), "changed since");
  return { digest, packed, unpack: () => unpackChart(packed, "hub", digest, join(place, "charts")) };
}

describe("a chart that is kept", () => {
  it("is written with every file of it, subcharts and CRDs included, and the same digest", async () => {
    const { digest, unpack } = await kept(write(WHOLE));
    const folder = (await unpack()) ?? "";
    expect(folder).toBe(join(place, "charts", digest.slice(7, 23), "hub"));
    for (const [path, content] of Object.entries(WHOLE))
      if (!path.startsWith("drafts/"))
        expect(readFileSync(join(folder, path)), path).toEqual(Buffer.from(content));
    expect(existsSync(join(folder, "drafts"))).toBe(false);
    expect((await readLocalChart(folder)).digest).toBe(digest);
    expect(await unpack()).toBe(folder);
  });

  it("brings the charts beside it that it takes, and is not kept where they are elsewhere", async () => {
    write({ "Chart.yaml": CHART, "templates/a.yaml": "" }, "base");
    const { digest, unpack } = await kept(write({ "Chart.yaml": LINKED }));
    rmSync(join(place, "catalog/base"), { recursive: true });
    expect((await readLocalChart((await unpack()) ?? "")).digest).toBe(digest);

    const far = write({ "Chart.yaml": LINKED.replace("../base", "../../base") }, "far");
    cpSync(join(place, "catalog/hub"), join(place, "base"), { recursive: true });
    expect(await packChart(far)).toBeUndefined();
  });

  it("is written again where somebody changed the copy", async () => {
    const { digest, unpack } = await kept(write(WHOLE));
    const folder = (await unpack()) ?? "";
    writeFileSync(join(folder, "templates/hub.yaml"), "kind: Secret\n");
    expect((await readLocalChart((await unpack()) ?? "")).digest).toBe(digest);
  });

  it("is refused where it is another one, or leads out of its folder", async () => {
    const { packed, digest } = await kept(write(WHOLE));
    const charts = join(place, "charts");
    expect(await unpackChart(packed, "hub", "sha256:0", charts)).toBeUndefined();
    expect(await unpackChart("no archive", "hub", digest, charts)).toBeUndefined();
    const evil = gzipSync(JSON.stringify({ "hub/../../../out": "" })).toString("base64");
    expect(await unpackChart(evil, "hub", digest, charts)).toBeUndefined();
    expect(existsSync(join(place, "out"))).toBe(false);
  });
});
