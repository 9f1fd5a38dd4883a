import { describe, expect, it } from "vitest";
import type { KernelDeclaration } from "../../components/kernel/declaration/kernel-file.ts";
import type { SelectedImages } from "../outputs/outputs.ts";
import {
  articleGate,
  hubImageGate,
  imagesGate,
  kernelImageGate,
  reasonToHold,
  serviceKernelGate,
} from "./gate.ts";

describe("reasonToHold", () => {
  it("lets through what staging has processed, byte for byte", () => {
    expect(reasonToHold("sha256:a", "sha256:a")).toBeUndefined();
  });

  it.each([
    ["staging has never seen it", undefined, /not deployed it yet/],
    ["staging is processing it, or failed to", "", /not processed it yet/],
    ["staging has other content", "sha256:b", /other content/],
  ])("holds where %s", (_, processed, reason) => {
    expect(reasonToHold(processed, "sha256:a")).toMatch(reason);
  });

  it("leaves content that can't be read to the check, which reports everything that is wrong", () => {
    expect(reasonToHold(undefined, "")).toBeUndefined();
  });
});

describe.each([true, false])("the gate of prod, where what it decides on is deployed: %s", (deployed) => {
  const contents = { title: "Bell", fingerprint: "sha256:a", kernels: [] };
  const article = { title: "Bell", url: "", customId: "b", fingerprint: "sha256:a" };
  const kernel = { displayName: "Python", image: "ghcr.io/x/y@sha256:1", registration: "" };
  // The gate passes these on and looks at nothing in them.
  const declaration = { name: "python" } as KernelDeclaration;
  const inContainer = { name: "python", folder: "", image: "x/y:1" };
  const selected: SelectedImages = { repository: "ghcr.io/x/y", menu: [], prepull: [] };

  it("uses what staging proves", () => {
    expect(articleGate(contents, article, deployed)).toEqual({ use: contents });
    expect(kernelImageGate(inContainer, kernel, deployed)).toEqual({ use: kernel.image });
    expect(serviceKernelGate(declaration, kernel, deployed)).toEqual({ use: declaration });
    expect(imagesGate(selected, deployed)).toEqual({ use: selected });
    const image = "ghcr.io/x/lab:1@sha256:1";
    expect(hubImageGate("1", { image }, deployed)).toEqual({ use: image });
  });

  it("uses a kernel without an image where staging has deployed it without one", () => {
    const process = { name: "python", folder: "" };
    expect(kernelImageGate(process, { ...kernel, image: "" }, deployed)).toEqual({ use: "" });
    expect(kernelImageGate(process, undefined, deployed)).toMatchObject({ deployed });
  });

  it("uses an article that an earlier version deployed to staging, by the fingerprint that it gave it", () => {
    const today = { ...contents, fingerprint: "sha256:c", earlierFingerprint: "sha256:a" };
    expect(articleGate(today, article, deployed)).toEqual({ use: today });
    const other = { ...today, earlierFingerprint: "sha256:b" };
    expect(articleGate(other, article, deployed)).toHaveProperty("hold");
  });

  it("holds what staging does not prove, with the reason", () => {
    const hold = "staging has not deployed it yet";
    expect(articleGate(contents, undefined, deployed)).toEqual({ hold, deployed });
    expect(kernelImageGate(inContainer, undefined, deployed)).toEqual({ hold, deployed });
    expect(kernelImageGate(inContainer, { ...kernel, image: "" }, deployed)).toEqual({ hold, deployed });
    expect(serviceKernelGate(declaration, undefined, deployed)).toEqual({ hold, deployed });
    expect(hubImageGate("1", undefined, deployed)).toEqual({
      hold: "staging has not built it yet",
      deployed,
    });
    expect(imagesGate(undefined, deployed)).toEqual({
      hold: "staging has not selected them yet",
      deployed,
    });
  });

  it("holds an image of hubs that staging has built from other content", () => {
    const hold = "staging has built it from other content; deploy staging from this commit first";
    expect(hubImageGate("1", { image: "ghcr.io/x/lab:11@sha256:1" }, deployed)).toEqual({ hold, deployed });
  });

  it("holds images that staging is rolled back from", () => {
    const recommended = { tag: "w_2026_44", digest: "sha256:2" };
    const head = { tag: "w_2026_10", digest: "sha256:1", name: "Recommended (Weekly 2026_10)" };
    const menu = [head, { ...recommended, name: "Weekly 2026_44" }];
    const hold = "staging is rolled back from w_2026_44, which it recommends";
    expect(imagesGate({ ...selected, recommended, menu }, deployed)).toEqual({ hold, deployed });
    const settled = { ...selected, recommended, menu: menu.toReversed() };
    expect(imagesGate(settled, deployed)).toEqual({ use: settled });
  });
});
