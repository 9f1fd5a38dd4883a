import { z } from "zod";

/** Versions by package: of packages that several ecosystems have, each by itself. */
export type PackageList = ReadonlyMap<string, string>;

const spdx = z.object({
  spdxVersion: z.string(),
  packages: z.array(
    z.object({
      name: z.string(),
      versionInfo: z.string().optional(),
      externalRefs: z
        .array(z.object({ referenceType: z.string(), referenceLocator: z.string() }))
        .default([])
        .catch([]),
    }),
  ),
});
const cyclonedx = z.object({
  bomFormat: z.literal("CycloneDX"),
  components: z
    .array(z.object({ name: z.string(), version: z.string().optional(), purl: z.string().optional() }))
    .default([]),
});
/** A statement of in-toto, in which BuildKit wraps the list. */
const statement = z.object({ predicate: z.unknown() });

interface Package {
  readonly name: string;
  readonly version: string | undefined;
  readonly purl: string | undefined;
}

/** The packages of a bill of materials in SPDX or CycloneDX, as JSON; undefined where the value is neither. */
export function readPackageList(value: unknown): PackageList | undefined {
  const wrapped = statement.safeParse(value).data?.predicate;
  const packages = packagesIn(wrapped ?? value);
  if (packages === undefined) return undefined;
  const versions = new Map<string, Set<string>>();
  for (const { name, version, purl } of packages) {
    // What has no version is a part of the list itself, such as the image.
    if (!version) continue;
    const key = labelled(name, purl);
    versions.set(key, (versions.get(key) ?? new Set()).add(version));
  }
  return new Map([...versions].map(([name, all]) => [name, [...all].sort().join(", ")]));
}

function packagesIn(value: unknown): Package[] | undefined {
  const ofSpdx = spdx.safeParse(value).data;
  if (ofSpdx)
    return ofSpdx.packages.map(({ name, versionInfo, externalRefs }) => ({
      name,
      version: versionInfo,
      purl: externalRefs.find(({ referenceType }) => referenceType === "purl")?.referenceLocator,
    }));
  return cyclonedx
    .safeParse(value)
    .data?.components.map(({ name, version, purl }) => ({ name, version, purl }));
}

/** `numpy (pypi)`, by the type that a package URL has. */
function labelled(name: string, purl: string | undefined): string {
  const [, type] = /^pkg:([\w.+-]+)\//.exec(purl ?? "") ?? [];
  return type === undefined ? name : `${name} (${type})`;
}
