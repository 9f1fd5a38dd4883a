import * as pulumi from "@pulumi/pulumi";
import { type HubImage, readHubImage } from "../../components/hub/images/hub-image.ts";
import {
  partOfImage,
  placeholdersIn,
  replacePlaceholders,
} from "../../components/hub/values/image-placeholders.ts";
import type { JsonObject } from "../../components/json.ts";
import { contentTag } from "../../components/kernel/build/kernel-image.ts";
import { LecternError } from "../../components/problem/problem.ts";
import type { Catalog } from "../catalog.ts";
import type { HubImageOutput, OutputEntries } from "../outputs.ts";
import type { StackPolicy } from "../policy.ts";
import { isHeld } from "../promotion/gate.ts";
import type { Holds } from "../promotion/holds.ts";

export interface HubImagesArgs {
  readonly catalog: Pick<Catalog, "images">;
  readonly policy: Pick<StackPolicy, "hubImage">;
  readonly holds: Holds;
  /** The images that this stack has deployed before, by name. */
  readonly before: OutputEntries<"hubImages">;
}

/** An image of hubs by its content: `repository:tag@sha256:…`. */
type Registered = pulumi.Output<string> | undefined;

/**
 * The images of the catalog's images/. Each is built, or taken from staging, once, when the first hub that is
 * deployed names it: what no hub names is not built.
 */
export class HubImages {
  readonly #images: ReadonlyMap<string, HubImage>;
  readonly #args: HubImagesArgs;
  readonly #registered = new Map<string, Promise<Registered>>();
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
    const entries = namesIn(values).map(
      async (name) => [`images/${name}`, await contentTag(this.#known(name))] as const,
    );
    return Object.fromEntries(await Promise.all(entries));
  }

  /**
   * The values of a hub that is deployed, with its images in the place of their names.
   * @returns the names of images that are held and have never been deployed, where there are any
   */
  async valuesWith(values: JsonObject): Promise<{ values: JsonObject } | { held: readonly string[] }> {
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
    };
  }

  /** By name, `repository:tag@sha256:…`: every image that a hub of this run uses. */
  get references(): Readonly<Record<string, pulumi.Output<string>>> {
    return this.#references;
  }

  /** As the stack's outputs have them. */
  get outputs(): Readonly<Record<string, pulumi.Output<HubImageOutput>>> {
    const entries = Object.entries(this.#references);
    return Object.fromEntries(
      entries.map(([name, image]) => [name, image.apply((text) => ({ image: text }))]),
    );
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
