import type { ClusterFiles } from "../../components/cluster/cluster-files.ts";
import { type ImageEntry, ofEntry } from "../../components/image/selection/images-file.ts";
import { allOf } from "../../components/problem/all.ts";
import { lostOutput, type SelectedImages } from "../outputs/outputs.ts";
import { type Hold, isHeld } from "../promotion/gate.ts";
import type { ClustersArgs } from "./clusters-args.ts";
import { frozenSelection } from "./frozen-menu.ts";
import { checkRollback, rolledBackTo } from "./rolled-back.ts";

/** What each entry of images.yaml comes to, by its key. */
export type Selected = Readonly<Record<string, SelectedImages | Hold>>;

/** What the entries of a cluster come to. @throws {LecternError} with what is wrong with any of them */
export async function selectAll(cluster: ClusterFiles, args: ClustersArgs): Promise<Selected> {
  const entries = Object.entries(cluster.images).map(([key, entry]) =>
    ofEntry(entry, async () => {
      const id = `${cluster.name}/${key}`;
      const selection = await selectionOf(id, entry, args);
      const { goesBackTo } = args.before.aliases.get(id) ?? {};
      const isRolledBack = args.config.images[id]?.rollback && goesBackTo?.digest;
      if ("hold" in selection) return [key, selection] as const;
      if (!goesBackTo || !isRolledBack)
        return [key, frozenSelection(cluster.name, key, selection, args)] as const;
      // Before any node is told to hold it.
      await checkRollback(id, selection.repository, goesBackTo, args.policy.registry());
      const wanted = rolledBackTo(selection, goesBackTo);
      return [key, frozenSelection(cluster.name, key, wanted, args)] as const;
    }),
  );
  return Object.fromEntries(await allOf(entries));
}

/**
 * The images of an entry: while they are held, those of the last deployment, where there are any.
 * @throws {LecternError} where there are, and the outputs do not tell which
 */
async function selectionOf(
  id: string,
  entry: ImageEntry,
  { policy, holds, before }: ClustersArgs,
): Promise<SelectedImages | Hold> {
  const gate = await policy.images(id, entry);
  holds.admits(`images/${id}`, gate, `images ${id} are held`);
  if (!isHeld(gate)) return gate.use;
  const kept = before.images.get(id);
  if (!kept && gate.deployed) throw lostOutput(`images.${id}`);
  return kept ?? gate;
}
