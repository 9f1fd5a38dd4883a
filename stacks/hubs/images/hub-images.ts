import * as pulumi from "@pulumi/pulumi";
import { type HubImage, readHubImage } from "../../../components/hub/images/hub-image.ts";
import {
  hasTag,
  partOfImage,
  placeholdersIn,
  replacePlaceholders,
} from "../../../components/hub/values/image-placeholders.ts";
import type { JsonObject } from "../../../components/json.ts";
import { contentTag } from "../../../components/kernel/build/kernel-image.ts";
import { LecternError } from "../../../components/problem/problem.ts";
import type { Catalog } from "../../catalog.ts";
import type { HubImageOutput, HubOutput, OutputEntries } from "../../outputs/outputs.ts";
import type { StackPolicy } from "../../policy.ts";
import { isHeld } from "../../promotion/gate.ts";
import type { Holds } from "../../promotion/holds.ts";

export interface HubImagesArgs {
  readonly catalog: Pick<Catalog, "images">;
  readonly policy: Pick<StackPolicy, "hubImage" | "buildsHubImages">;
  readonly holds: Holds;
  /** The images that this stack has deployed before, by name. */
  readonly before: OutputEntries<"hubImages">;
}

/** An image of hubs by its content: `repository:tag@sha256:…`. */
type Registered = pulumi.Output<string> | undefined;

/** Values of a hub, and by name the images in them, `repository:tag@sha256:…`. */
export interface ValuesWithImages {
  readonly values: JsonObject;
  readonly images: Readonly<Record<string, pulumi.Output<string>>>;
}

/**
 * The images of the catalog's images/. Each is built, or taken from staging, once, when the first hub that is
 * deployed names it: what no hub names is not built.
 */
export class HubImages {
  readonly #images: ReadonlyMap<string, HubImage>;
  readonly #args: HubImagesArgs;
  readonly #registered = new Map<string, Promise<Registered>>();
  readonly #tags = new Map<string, Promise<string>>();
  readonly #references: Record<string, pulumi.Output<string>> = {};

  private constructor(images: ReadonlyMap<string, HubImage>, args: HubImagesArgs) {
    this.#images = images;
    this.#args = args;
  }

  /** Reads every image of the catalog. @throws {LecternError} with everything that is wrong with them */
  static async read(args: HubImagesArgs): Promise<HubImages> {
    const read = await Promise.all(args.catalog.images.map(({ folder }) => readHubImage(folder)));
    const problems = read.flatMap((one) => one.problems);
    if (problems.length > 0) throw new LecternError(problems);
    const images = read.flatMap(({ image }) => (image ? [[image.name, image] as const] : []));
    return new HubImages(new Map(images), args);
  }

  /** What the gate of a hub compares of the images that its values name: `images/<name>`, each with its content's tag. */
  async parts(values: JsonObject): Promise<Readonly<Record<string, string>>> {
    const entries = namesIn(values).map(async (name) => [`images/${name}`, await this.#tagOf(name)] as const);
    return Object.fromEntries(await Promise.all(entries));
  }

  /**
   * The values of a hub that is deployed, with its images in the place of their names.
   * @returns the names of images that are held and have never been deployed, where there are any
   */
  async valuesWith(values: JsonObject): Promise<ValuesWithImages | { held: readonly string[] }> {
    const names = namesIn(values);
    const images = new Map<string, pulumi.Output<string>>();
    for (const name of names) {
      const image = await this.#register(name);
      if (image) images.set(name, image);
    }
    const held = names.filter((name) => !images.has(name));
    if (held.length > 0) return { held };
    return {
      values: replacePlaceholders(values, ({ name, part }) =>
        images.get(name)?.apply((image) => partOfImage(image, part)),
      ),
      images: Object.fromEntries(images),
    };
  }

  /**
   * Keeps the images of a hub that is held or rolled back, unless another hub uses newer ones. What was built from
   * the content that they still have stays registered: it would be built again once the hub is deployed.
   */
  async keep(values: JsonObject): Promise<void> {
    const { policy, before } = this.#args;
    for (const name of namesIn(values)) {
      const kept = before.get(name)?.image;
      if (kept === undefined) continue;
      this.#references[name] ??= pulumi.output(kept);
      const isBuilt = policy.buildsHubImages && hasTag(kept, await this.#tagOf(name));
      if (isBuilt) await this.#register(name);
    }
  }

  /**
   * An image as the pods of a hub that is deployed name it, `repository@sha256:…`: where it can't be built, the one
   * before it. Undefined where there is none.
   */
  started(name: string): pulumi.Output<string | undefined> | undefined {
    const kept = this.#args.before.get(name)?.image;
    const image =
      this.#references[name] && pulumi.recover<string | undefined>(this.#references[name], () => kept);
    return image?.apply((text) => text && partOfImage(text, "reference"));
  }

  /**
   * An image as the pods of a hub that is held name it, `repository@sha256:…`; undefined where that is not known.
   * @param deployed what the hub was deployed with, which may be older than the image that another hub has
   */
  startedWhileHeld(
    name: string,
    deployed: Pick<HubOutput, "images"> | undefined,
  ): pulumi.Output<string> | undefined {
    const { images } = deployed ?? {};
    const image = images ? images[name] : this.#args.before.get(name)?.image;
    return image === undefined ? undefined : pulumi.output(partOfImage(image, "reference"));
  }

  /** By name, `repository:tag@sha256:…`: every image that a hub of this run uses. */
  get references(): Readonly<Record<string, pulumi.Output<string>>> {
    return this.#references;
  }

  /** As the stack's outputs have them: one that can't be built is what it was before. */
  get outputs(): Readonly<Record<string, pulumi.Output<HubImageOutput | undefined>>> {
    const entries = Object.entries(this.#references).map(([name, image]) => {
      const output = image.apply((text): HubImageOutput | undefined => ({ image: text }));
      return [name, pulumi.recover(output, () => this.#args.before.get(name))] as const;
    });
    return Object.fromEntries(entries);
  }

  /** The tag of an image's content, which is read once, however many hubs name the image. */
  #tagOf(name: string): Promise<string> {
    const known = this.#tags.get(name) ?? contentTag(this.#known(name));
    this.#tags.set(name, known);
    return known;
  }

  #known(name: string): HubImage {
    const image = this.#images.get(name);
    if (image) return image;
    throw new LecternError({
      code: "image-placeholder",
      severity: "error",
      message: `a hub names the image ${JSON.stringify(name)}, which the catalog's images/ has not`,
      remedy: `Add catalog/images/${name}/Dockerfile, or correct the name`,
    });
  }

  #register(name: string): Promise<Registered> {
    const known = this.#registered.get(name) ?? this.#make(this.#known(name));
    this.#registered.set(name, known);
    return known;
  }

  async #make(image: HubImage): Promise<Registered> {
    const { policy, holds, before } = this.#args;
    const { name } = image;
    const gate = await policy.hubImage(image);
    const isAdmitted = holds.admits(`image/${name}`, gate, `the image ${name} of hubs is held`);
    const kept = before.get(name)?.image;
    const reference = isHeld(gate) ? (isAdmitted ? kept : undefined) : gate.use;
    if (reference === undefined) return undefined;
    this.#references[name] = pulumi.output(reference);
    return this.#references[name];
  }
}

const namesIn = (values: JsonObject) => [...new Set(placeholdersIn(values).map(({ name }) => name))].sort();
