import { describe, expect, it } from "vitest";
import { LecternError } from "../../../problem/problem.ts";
import { readProfiles } from "../profiles-file.ts";
import { checkNamedImages, namedImages } from "./named-images.ts";

const image = (name: string, digit: string) => `ghcr.io/campus/${name}@sha256:${digit.repeat(64)}`;
const FILE = readProfiles(
  `
- display_name: Listed
  images:
    - ${image("lab", "a")}
    - {image: "${image("gpu", "b")}", display_name: GPU}
- display_name: Overridden
  kubespawner_override:
    image: ${image("lab", "c")}
    init_containers: [{name: seed, image: "${image("seed", "d")}"}]
  profile_options:
    size:
      display_name: Size
      choices:
        large: {display_name: Large, kubespawner_override: {image: "${image("big", "e")}"}}
      unlisted_choice:
        enabled: true
        display_name: Own
        kubespawner_override: {image: "ghcr.io/campus/{value}"}
- display_name: From a menu
  images: science
`,
  "p.yaml",
);

describe("images that profiles.yaml names by digest", () => {
  it("are found wherever they are", () => {
    expect(namedImages(FILE).map(({ image: text }) => text)).toEqual([
      image("lab", "a"),
      image("gpu", "b"),
      image("lab", "c"),
      image("seed", "d"),
      image("big", "e"),
    ]);
  });

  it("are looked up, and each that its registry lacks is reported at its line", async () => {
    const asked: string[] = [];
    const missing = image("gpu", "b");
    const resolve = async (repository: string, digest: string) => {
      asked.push(`${repository}@${digest}`);
      return `${repository}@${digest}` === missing ? undefined : (digest as `sha256:${string}`);
    };
    const error = await checkNamedImages(FILE, () => ({ resolve })).catch((reason: unknown) => reason);
    expect(asked.sort()).toEqual(
      namedImages(FILE)
        .map(({ image: text }) => text)
        .sort(),
    );
    expect(error).toBeInstanceOf(LecternError);
    expect(String(error)).toMatch(
      /p\.yaml:5:15 \[0\]\.images\[1\]\.image: the registry has no image ghcr\.io\/campus\/gpu@sha256:b{12}…/,
    );
  });

  it("need no registry where there are none", async () => {
    const none = readProfiles("- {display_name: P, images: science}", "p.yaml");
    await checkNamedImages(none, () => {
      throw new Error("no registry may be asked");
    });
  });
});
