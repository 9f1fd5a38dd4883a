import { seedImage } from "./image.ts";
import { digestOf, type ImageStore } from "./store.ts";

/** Versions of Python packages, by name. */
type Packages = Readonly<Record<string, string>>;

/** What the kernels' images of the example have in them, by `repository:tag`, as far as the stand-ins play it. */
const KERNELS: Readonly<Record<string, Packages>> = {
  "lectern/python-science:2025.2": { matplotlib: "3.9.2", numpy: "1.26.4", scipy: "1.14.1" },
  "lectern/python-science:2026.1": { matplotlib: "3.10.7", numpy: "2.3.5", scipy: "1.16.3" },
};

/** The media type of a bill of materials as CycloneDX has it, in JSON. */
const CYCLONEDX = "application/vnd.cyclonedx+json";
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const EMPTY = "application/vnd.oci.empty.v1+json";

/** Puts the list of an image's packages beside it, where the example has one: an artifact that refers to the image. */
export async function seedPackages(
  store: ImageStore,
  repository: string,
  tag: string,
  subject: { readonly digest: string; readonly mediaType: string; readonly bytes: Buffer },
): Promise<void> {
  const packages = KERNELS[`${repository}:${tag}`];
  if (!packages) return;
  const put = async (value: object, mediaType: string) => {
    const bytes = Buffer.from(JSON.stringify(value));
    return { mediaType, digest: await store.putBlob(repository, bytes), size: bytes.length };
  };
  const components = Object.entries(packages).map(([name, version]) => ({
    ...{ type: "library", name, version },
    purl: `pkg:pypi/${name}@${version}`,
  }));
  const { digest, mediaType, bytes } = subject;
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      artifactType: CYCLONEDX,
      config: await put({}, EMPTY),
      layers: [await put({ bomFormat: "CycloneDX", specVersion: "1.6", components }, CYCLONEDX)],
      subject: { mediaType, digest, size: bytes.length },
    }),
  );
  await store.putManifest(repository, digestOf(manifest), manifest, MANIFEST);
}

/** The packages of the example's images, by the image's digest: the same bytes have the same digest everywhere. */
export async function packagesByDigest(): Promise<ReadonlyMap<string, Packages>> {
  const nowhere: ImageStore = {
    putBlob: async (_, bytes) => digestOf(bytes),
    putManifest: async (_, reference) => reference,
    tag: () => {},
  };
  const known = Object.entries(KERNELS).map(async ([content, packages]) => {
    const [repository = ""] = content.split(":");
    return [(await seedImage(nowhere, repository, { content })).digest, packages] as const;
  });
  return new Map(await Promise.all(known));
}
