import * as pulumi from "@pulumi/pulumi";
import type { ClusterFiles } from "../../components/cluster/cluster-files.ts";
import { RecommendedImage, type RecommendedImageArgs } from "../../components/image/recommended-image.ts";
import { parseRepository } from "../../components/image/reference.ts";
import { type ImageEntry, movingTarget } from "../../components/image/selection/images-file.ts";
import { FORM_NAMES, fixedBy } from "../../components/image/tags/immutable-forms.ts";
import { parseTag } from "../../components/image/tags/tag-grammar.ts";
import { LecternError, type Problem } from "../../components/problem/problem.ts";
import type { StackConfig } from "../config.ts";
import type { AliasOutput, OutputEntries, SelectedImages } from "../outputs/outputs.ts";
import { wasRolledBack } from "./rolled-back.ts";

/** An alias of a stack. */
export interface MovedAlias {
  readonly output: pulumi.Output<AliasOutput>;
  /** Why it does not move to what is recommended. */
  readonly held: RecommendedImage["held"];
}

/** Moves the aliases of images.yaml, each to one image only. */
export class Aliases {
  readonly #config: StackConfig;
  readonly #before: OutputEntries<"aliases">;
  /** Who moves an alias, by `<repository>:<alias>`, and to what. */
  readonly #claims = new Map<string, { readonly by: string; readonly wants: string }>();

  /** @param before what the last deployment left them at */
  constructor(config: StackConfig, before: OutputEntries<"aliases">) {
    this.#config = config;
    this.#before = before;
  }

  /**
   * Moves the alias of an entry to what is recommended; nothing where it has none.
   * @param how what has to be done before, such as the nodes holding the image, whether it stays where it is, and
   * whose notebooks are proven first
   * @throws {LecternError} where nothing is recommended, or what can move; where another entry moves the alias
   * to something else
   */
  move(
    cluster: ClusterFiles,
    key: string,
    { repository, recommended }: SelectedImages,
    how: {
      readonly after: readonly pulumi.Resource[];
      readonly isFrozen: boolean;
      readonly proof?: RecommendedImageArgs["proof"];
    },
  ): MovedAlias | undefined {
    const entry = cluster.images[key];
    if (entry?.alias === undefined) return undefined;
    const { immutable } = entry.policy;
    if (!recommended || recommended.tag === entry.alias) throw new LecternError(noTarget(entry));
    if (!fixedBy(immutable)(parseTag(recommended.tag)))
      throw new LecternError(entry.at(movingTarget(entry.alias, recommended.tag), TARGET));
    const rollback = this.#rollback(`${cluster.name}/${key}`, how.isFrozen);
    const repositories = repositoriesOf(entry, repository);
    const by = `${cluster.folder}/images.yaml ${key}`;
    for (const each of repositories)
      this.#claim(entry, by, `${each}:${entry.alias}`, `${recommended.digest} ${rollback}`);
    const { alias, tag, digest, goesBackTo, held } = new RecommendedImage(
      `${cluster.name}-${key}`,
      {
        source: repository,
        alias: `${this.#config.aliasPrefix}${entry.alias}`,
        target: recommended.tag,
        targetDigest: recommended.digest,
        ...(repositories.length > 1 ? { repositories } : {}),
        ...(isDefault(immutable) ? {} : { immutable }),
        rollback,
        ...(how.proof ? { proof: how.proof } : {}),
      },
      { dependsOn: [...how.after] },
    );
    return { output: pulumi.output({ alias, tag, digest, goesBackTo }), held };
  }

  /** While an event freezes an alias, a rollback of it neither begins nor ends. */
  #rollback(id: string, isFrozen: boolean): boolean | undefined {
    const before = isFrozen ? this.#before.get(id) : undefined;
    return (before && wasRolledBack(before)) ?? this.#config.images[id]?.rollback;
  }

  #claim(entry: ImageEntry, by: string, id: string, wants: string): void {
    const claim = { by, wants };
    const other = this.#claims.get(id) ?? claim;
    if (other.wants !== wants) throw new LecternError(movedTwice(entry, id, other.by));
    this.#claims.set(id, claim);
  }
}

const TARGET = ["policy", "recommended"];

/** Another input would be a change of every alias that is deployed. */
const isDefault = (immutable: readonly string[]) =>
  immutable.length === FORM_NAMES.length && FORM_NAMES.every((form) => immutable.includes(form));

/** Where an entry's alias is moved: in the repository that was selected from first, as staging may have it. */
function repositoriesOf({ repositories }: ImageEntry, selected: string): string[] {
  const [, ...others] = repositories.map((text): string => parseRepository(text));
  return [...new Set([selected, ...others])];
}

function noTarget({ alias, at }: ImageEntry): Problem {
  return at(
    {
      code: "missing-target",
      message: `the alias ${JSON.stringify(alias)} has no tag to move to`,
      remedy: "Name the tag that is recommended, such as w_2026_10, or remove the alias",
    },
    TARGET,
  );
}

function movedTwice({ at }: ImageEntry, alias: string, other: string): Problem {
  return at(
    {
      code: "alias-twice",
      message: `${alias} would be moved to two images: ${other} also moves it`,
      remedy: "Recommend the same image in both, or give one of them an alias of its own",
    },
    ["alias"],
  );
}
