import { expect, it } from "vitest";
import { seedImage } from "../../../sandbox/services/registry/image.ts";
import { client, registriesOfEachTest, standIn } from "../../../test/services/registry/registry-fixture.ts";
import { digestOf } from "../../digest.ts";
import { parseDigest, parseRepository } from "../reference.ts";
import { copyImage } from "./alias-copy.ts";
import { copyReferrers } from "./referrers-copy.ts";

registriesOfEachTest();

it("leaves out what a list still names, but its repository no longer has", async () => {
  const registry = await standIn();
  const [image, signature] = [
    await seedImage(registry.store, "lab", { content: "image" }),
    await seedImage(registry.store, "lab", { content: "signature" }),
  ].map(({ digest }) => parseDigest(digest));
  if (!image || !signature) throw new Error("two images are seeded");
  const [from, to] = ["lab", "other"].map((path) => parseRepository(`${registry.host}/${path}`));
  if (!from || !to) throw new Error("there are two repositories");
  const known = client();
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  known.referrers = async (_, subject) =>
    subject === image ? [digestOf("deleted"), signature].map((digest) => ({ digest, mediaType })) : [];
  await copyImage(known, from, to, image);
  expect(await copyReferrers(known, from, to, image)).toBe(1);
  expect(await known.resolve(to, signature)).toBe(signature);
});
