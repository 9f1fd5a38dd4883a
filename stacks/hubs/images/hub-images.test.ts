import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { HubImage } from "../../../components/hub/images/hub-image.ts";
import type { JsonObject } from "../../../components/json.ts";
import type { HubImageOutput } from "../../outputs/outputs.ts";
import type { Gate } from "../../promotion/gate.ts";
import { Holds } from "../../promotion/holds.ts";
import { HubImages } from "./hub-images.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;
const imageOf = (name: string) => `ghcr.io/hubs/${name}:0123@${DIGEST}`;
const VALUES = {
  singleuser: {
    image: { name: "lectern://images/lab#repository", tag: "lectern://images/lab#tag" },
    profileList: [{ kubespawner_override: { image: "lectern://images/gpu" } }],
  },
};

let images: string;
beforeEach(() => {
  images = mkdtempSync(join(tmpdir(), "lectern-images-"));
});
afterEach(() => rmSync(images, { recursive: true }));

function folder(name: string, dockerfile = "FROM ubuntu:24.04\n") {
  mkdirSync(join(images, name));
  writeFileSync(join(images, name, "Dockerfile"), dockerfile);
  return { name, folder: join(images, name) };
}

type Policy = (image: HubImage) => Promise<Gate<pulumi.Input<string>>>;

async function read(
  entries: { name: string; folder: string }[],
  hubImage: Policy = async ({ name }) => ({ use: imageOf(name) }),
  before: Readonly<Record<string, HubImageOutput>> = {},
) {
  const holds = new Holds();
  const args = {
    catalog: { images: entries },
    policy: { hubImage, buildsHubImages: false },
    holds,
    before: new Map(Object.entries(before)),
  };
  return { hubImages: await HubImages.read(args), holds };
}

const settled = (values: object) =>
  new Promise((resolve) => {
    pulumi.output<object>(values).apply(resolve);
  });

async function valuesOf(hubImages: HubImages, values: JsonObject) {
  const found = await hubImages.valuesWith(values);
  return "held" in found ? found : settled(found.values);
}

describe("the images of hubs", () => {
  it("take the place of their names, each made once, and none that no hub names", async () => {
    const asked: string[] = [];
    const { hubImages } = await read([folder("lab"), folder("gpu"), folder("spare")], async ({ name }) => {
      asked.push(name);
      return { use: imageOf(name) };
    });
    expect(await valuesOf(hubImages, VALUES)).toEqual({
      singleuser: {
        image: { name: "ghcr.io/hubs/lab", tag: `0123@${DIGEST}` },
        profileList: [{ kubespawner_override: { image: `ghcr.io/hubs/gpu@${DIGEST}` } }],
      },
    });
    await hubImages.valuesWith(VALUES);
    expect(asked.sort()).toEqual(["gpu", "lab"]);
    expect(await settled(hubImages.outputs)).toEqual({
      gpu: { image: imageOf("gpu") },
      lab: { image: imageOf("lab") },
    });
  });

  it("are parts of a hub by their content alone", async () => {
    const folders = [folder("lab"), folder("gpu")];
    // Each run reads them again.
    const parts = async () => (await read(folders)).hubImages.parts(VALUES);
    const before = await parts();
    expect(Object.keys(before)).toEqual(["images/gpu", "images/lab"]);
    writeFileSync(join(images, "lab", "Dockerfile"), "FROM ubuntu:26.04\n");
    const after = await parts();
    expect(after["images/gpu"]).toBe(before["images/gpu"]);
    expect(after["images/lab"]).not.toBe(before["images/lab"]);
  });

  it("stay as they are deployed while they are held, and hold a hub where they never were", async () => {
    const hold = "staging has not built it yet";
    const { hubImages, holds } = await read(
      [folder("lab"), folder("gpu")],
      async ({ name }) => ({ hold, deployed: name === "lab" }),
      { lab: { image: imageOf("lab") } },
    );
    expect(await hubImages.valuesWith(VALUES)).toEqual({ held: ["gpu"] });
    expect(await valuesOf(hubImages, { image: "lectern://images/lab" })).toEqual({
      image: `ghcr.io/hubs/lab@${DIGEST}`,
    });
    expect(holds.outputs).toEqual({
      "image/gpu": { reason: hold, deployed: false },
      "image/lab": { reason: hold, deployed: true },
    });
  });

  it("are known as they were while the hubs that name them are held", async () => {
    const kept = { lab: { image: imageOf("lab") } };
    const { hubImages } = await read([folder("lab"), folder("gpu")], undefined, kept);
    await hubImages.keep(VALUES);
    expect(Object.keys(hubImages.outputs)).toEqual(["lab"]);
    expect(await settled({ started: hubImages.startedWhileHeld("lab", undefined) })).toEqual({
      started: `ghcr.io/hubs/lab@${DIGEST}`,
    });
    expect(hubImages.startedWhileHeld("gpu", undefined)).toBeUndefined();
    const older = { images: { lab: imageOf("lab-of-its-own") } };
    expect(await settled({ started: hubImages.startedWhileHeld("lab", older) })).toEqual({
      started: `ghcr.io/hubs/lab-of-its-own@${DIGEST}`,
    });
  });

  it("report everything that is wrong with their folders at once", async () => {
    const wrong = [folder("Lab"), folder("gpu", "FROM ubuntu\n")];
    mkdirSync(join(images, "empty"));
    await expect(read([...wrong, { name: "empty", folder: join(images, "empty") }])).rejects.toThrow(
      /Lab: the folder's name.*\n.*gpu\/Dockerfile:1.*latest|neither tag.*\n.*empty\/Dockerfile: the image has no Dockerfile/,
    );
  });

  it("refuse a name that only secrets could have brought", async () => {
    const { hubImages } = await read([folder("lab")]);
    await expect(hubImages.valuesWith({ image: "lectern://images/other" })).rejects.toThrow(
      'a hub names the image "other", which the catalog\'s images/ has not',
    );
  });
});
