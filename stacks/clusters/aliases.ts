import * as pulumi from "@pulumi/pulumi";
import type { ClusterFiles } from "../../components/cluster/cluster-files.ts";
import { RecommendedImage } from "../../components/image/recommended-image.ts";
import type { ImagesFile } from "../../components/image/selection/images-file.ts";
import { LecternError, type Problem } from "../../components/problem/problem.ts";
import type { StackConfig } from "../config.ts";
import type { AliasOutput, SelectedImages } from "../outputs.ts";

/** Moves the aliases of images.yaml, each to one image only. */
export class Aliases {
  readonly #config: StackConfig;
  /** Who moves an alias, by `<repository>:<alias>`, and to what. */
  readonly #claims = new Map<string, { readonly by: string; readonly wants: string }>();

  constructor(config: StackConfig) {
    this.#config = config;
  }

  /**
   * Moves the alias of an entry to what is recommended; nothing where it has none.
   * @param after what has to be done before, such as the nodes holding the image
   * @throws {LecternError} where nothing is recommended, or another entry moves the alias to something else
   */
  move(
    cluster: ClusterFiles,
    key: string,
    { repository, recommended }: SelectedImages,
    after: readonly pulumi.Resource[],
  ): pulumi.Output<AliasOutput> | undefined {
    const entry = cluster.images[key];
    if (entry?.alias === undefined) return undefined;
    if (!recommended || recommended.tag === entry.alias)
      throw new LecternError(noTarget(cluster, key, entry));
    const rollback = this.#config.images[`${cluster.name}/${key}`]?.rollback;
    this.#claim(cluster, key, `${repository}:${entry.alias}`, `${recommended.digest} ${rollback}`);
    const { alias, tag, digest, goesBackTo } = new RecommendedImage(
      `${cluster.name}-${key}`,
      {
        source: repository,
        alias: `${this.#config.aliasPrefix}${entry.alias}`,
        target: recommended.tag,
        targetDigest: recommended.digest,
        rollback,
      },
      { dependsOn: [...after] },
    );
    return pulumi.output({ alias, tag, digest, goesBackTo });
  }

  #claim(cluster: ClusterFiles, key: string, id: string, wants: string): void {
    const claim = { by: `${cluster.folder}/images.yaml ${key}`, wants };
    const other = this.#claims.get(id) ?? claim;
    if (other.wants !== wants) throw new LecternError(movedTwice(cluster, key, id, other.by));
    this.#claims.set(id, claim);
  }
}

function noTarget(cluster: ClusterFiles, key: string, { alias }: ImagesFile[string]): Problem {
  return {
    code: "missing-target",
    severity: "error",
    file: `${cluster.folder}/images.yaml`,
    path: `${key}.policy.recommended`,
    message: `the alias ${JSON.stringify(alias)} has no tag to move to`,
    remedy: "Name the tag that is recommended, such as w_2026_10, or remove the alias",
  };
}

function movedTwice({ folder }: ClusterFiles, key: string, alias: string, other: string): Problem {
  return {
    code: "alias-twice",
    severity: "error",
    file: `${folder}/images.yaml`,
    path: `${key}.alias`,
    message: `${alias} would be moved to two images: ${other} also moves it`,
    remedy: "Recommend the same image in both, or give one of them an alias of its own",
  };
}
