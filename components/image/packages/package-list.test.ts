import { describe, expect, it } from "vitest";
import { seedImage } from "../../../sandbox/services/registry/image.ts";
import type { RegistryStandIn } from "../../../sandbox/services/registry/registry.ts";
import { client, registriesOfEachTest, standIn } from "../../../test/services/registry/registry-fixture.ts";
import { parseRepository } from "../reference.ts";
import { readPackageList } from "./package-list.ts";

registriesOfEachTest();

const purl = (locator: string) => [
  { referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: locator },
];
const SPDX = {
  spdxVersion: "SPDX-2.3",
  name: "lab",
  packages: [
    { name: "lab", SPDXID: "SPDXRef-image" },
    { name: "numpy", versionInfo: "2.1.0", externalRefs: purl("pkg:pypi/numpy@2.1.0") },
    { name: "numpy", versionInfo: "1.26.4", externalRefs: purl("pkg:pypi/numpy@1.26.4") },
    { name: "libc6", versionInfo: "2.36-9", externalRefs: purl("pkg:deb/debian/libc6@2.36-9?arch=amd64") },
  ],
};
const CYCLONE = {
  bomFormat: "CycloneDX",
  specVersion: "1.6",
  components: [{ type: "library", name: "scipy", version: "1.14.0", purl: "pkg:pypi/scipy@1.14.0" }],
};

describe("a bill of materials", () => {
  it.each([
    ["SPDX", SPDX, { "numpy (pypi)": "1.26.4, 2.1.0", "libc6 (deb)": "2.36-9" }],
    ["CycloneDX", CYCLONE, { "scipy (pypi)": "1.14.0" }],
    [
      "in-toto's statement",
      { _type: "https://in-toto.io/Statement/v0.1", predicate: CYCLONE },
      { "scipy (pypi)": "1.14.0" },
    ],
  ])("in %s gives the versions of packages", (_, document, expected) => {
    expect(Object.fromEntries(readPackageList(document) ?? [])).toEqual(expected);
  });

  it.each([[undefined], [null], [[]], [{ packages: [] }], [{ bomFormat: "other", components: [] }]])(
    "is not read out of %j",
    (value) => {
      expect(readPackageList(value)).toBeUndefined();
    },
  );
});

const OCI = "application/vnd.oci.image";

describe("the packages of an image", () => {
  const put = (registry: RegistryStandIn, value: object, mediaType = `${OCI}.manifest.v1+json`) => {
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...value }));
    return registry.store.putManifest(
      "lab",
      `${mediaType.includes("index") ? "built" : "listed"}`,
      bytes,
      mediaType,
    );
  };
  const blob = async (registry: RegistryStandIn, value: object) => {
    const bytes = Buffer.from(JSON.stringify(value));
    return { digest: await registry.store.putBlob("lab", bytes), size: bytes.length };
  };
  const packages = async (registry: RegistryStandIn, reference: string) => {
    const found = await client().packages(parseRepository(`${registry.host}/lab`), reference);
    return found && Object.fromEntries(found);
  };

  it("are those of an artifact that refers to it", async () => {
    const registry = await standIn();
    const { digest, bytes, mediaType } = await seedImage(registry.store, "lab", { content: "x" });
    const config = { mediaType: "application/vnd.oci.empty.v1+json", ...(await blob(registry, {})) };
    await put(registry, {
      artifactType: "application/spdx+json",
      config,
      layers: [{ mediaType: "application/spdx+json", ...(await blob(registry, SPDX)) }],
      subject: { mediaType, digest, size: bytes.length },
    });
    expect(await packages(registry, digest)).toMatchObject({ "libc6 (deb)": "2.36-9" });
  });

  it("are those of an attestation in its index", async () => {
    const registry = await standIn();
    const image = await seedImage(registry.store, "lab", { content: "x" });
    const attestation = await put(registry, {
      config: { mediaType: `${OCI}.config.v1+json`, ...(await blob(registry, {})) },
      layers: [
        {
          mediaType: "application/vnd.in-toto+json",
          ...(await blob(registry, { predicateType: "https://spdx.dev/Document", predicate: SPDX })),
          annotations: { "in-toto.io/predicate-type": "https://spdx.dev/Document" },
        },
      ],
    });
    await put(
      registry,
      {
        manifests: [
          {
            mediaType: image.mediaType,
            digest: image.digest,
            size: image.bytes.length,
            platform: { os: "linux", architecture: "amd64" },
          },
          {
            mediaType: image.mediaType,
            digest: attestation,
            size: 1,
            platform: { os: "unknown", architecture: "unknown" },
            annotations: {
              "vnd.docker.reference.type": "attestation-manifest",
              "vnd.docker.reference.digest": image.digest,
            },
          },
        ],
      },
      `${OCI}.index.v1+json`,
    );
    expect(await packages(registry, "built")).toMatchObject({ "numpy (pypi)": "1.26.4, 2.1.0" });
  });

  it("are unknown where nothing lists them", async () => {
    const registry = await standIn();
    const { digest } = await seedImage(registry.store, "lab", { content: "x" });
    expect(await packages(registry, digest)).toBeUndefined();
  });
});
