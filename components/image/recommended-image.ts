import * as pulumi from "@pulumi/pulumi";
import { defineResource } from "../resource/define-resource.ts";
import { type AliasProof, type HeldMove, imageAliasContract } from "./alias/image-alias-contract.ts";

const ImageAlias = defineResource(imageAliasContract, [
  "alias",
  "target",
  "tag",
  "goesBackTo",
  "digest",
  "image",
  "previous",
  "held",
]);

/** Which image a moving tag is to name. */
export interface RecommendedImageArgs {
  /** The repository that has the target: `ghcr.io/organization/lab`. */
  readonly source: string;
  /** The tag of the image that the alias should name, such as `w_2022_44`. */
  readonly target: pulumi.Input<string>;
  /**
   * The digest that is meant, whatever the tag names today: what another stack has proved.
   * @default what the tag names when the plan is made
   */
  readonly targetDigest?: pulumi.Input<string> | undefined;
  /** The moving tag. One whose text names one image, such as a week or a release, is refused. @default recommended */
  readonly alias?: string | undefined;
  /**
   * Where the alias is moved: the image is brought to those that lack it, by mounts where they are of
   * one registry. @default the source alone
   */
  readonly repositories?: readonly string[] | undefined;
  /**
   * Which names are never moved, as a policy's `immutable` lists them.
   * @default versions, dates and commits, and always those of the grammar
   */
  readonly immutable?: readonly string[] | undefined;
  /** Goes back to the image before the last move, and stays there while this is set. @default false */
  readonly rollback?: boolean | undefined;
  /** The courses whose notebooks run on the image before the alias moves to it. @default none */
  readonly proof?: AliasProof | undefined;
}

/**
 * A moving tag such as `recommended`, moved by writing the very bytes of the target's manifest under
 * it: its digest is the target's. Not for images that are built here, and not for making tags that
 * name one image for good.
 *
 * The plan shows `recommended: Weekly 2022_40 (sha256:ab…) → Weekly 2022_44 (sha256:cd…)`. Taking it out
 * of the program leaves the tag as it is.
 */
export class RecommendedImage extends pulumi.ComponentResource {
  /** The moving tag. */
  readonly alias: pulumi.Output<string>;
  /** The tag that it was moved to. */
  readonly target: pulumi.Output<string>;
  /** The tag of the image that it names, which is another after a rollback; empty where none is known. */
  readonly tag: pulumi.Output<string>;
  /** The digest that it names. */
  readonly digest: pulumi.Output<string>;
  /** `repository@sha256:…` of the first repository. */
  readonly image: pulumi.Output<string>;
  /** What a rollback makes it name, or has made it name; empty where that is not known. */
  readonly goesBackTo: pulumi.Output<{ tag: string; digest: string }>;
  /** The digest that it named before; empty where it is new. */
  readonly previous: pulumi.Output<string>;
  /** Why it does not move to the target, as notebooks fail on it. */
  readonly held: pulumi.Output<Pick<HeldMove, "reason" | "failure"> | undefined>;

  constructor(name: string, args: RecommendedImageArgs, options?: pulumi.ComponentResourceOptions) {
    super("lectern:image:RecommendedImage", name, {}, options);
    const alias = new ImageAlias(
      name,
      {
        alias: args.alias ?? "recommended",
        target: args.target,
        targetDigest: args.targetDigest,
        source: args.source,
        repositories: args.repositories ?? [args.source],
        rollback: args.rollback ?? false,
        ...(args.immutable === undefined ? {} : { immutable: args.immutable }),
        ...(args.proof === undefined ? {} : { proof: args.proof }),
      },
      // A component's dependencies are not those of its children.
      { parent: this, ...(options?.dependsOn === undefined ? {} : { dependsOn: options.dependsOn }) },
    );
    this.alias = alias.alias;
    this.target = alias.target;
    this.tag = alias.tag;
    this.goesBackTo = alias.goesBackTo;
    this.digest = alias.digest;
    this.image = alias.image;
    this.previous = alias.previous;
    this.held = alias.held;
    this.registerOutputs({
      alias: this.alias,
      target: this.target,
      tag: this.tag,
      digest: this.digest,
      image: this.image,
      previous: this.previous,
    });
  }
}
