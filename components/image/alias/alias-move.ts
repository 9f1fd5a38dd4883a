import type { Digest } from "../../digest.ts";
import { LecternError } from "../../problem/problem.ts";
import { type Repository, shortDigest } from "../reference.ts";
import type { RegistryClient } from "../registry/registry-client.ts";
import { digestMismatch } from "../registry/registry-errors.ts";
import { copyImage } from "./alias-copy.ts";
import type { Move } from "./alias-plan.ts";

/** How a move in one repository ended. */
export interface Outcome {
  readonly move: Move;
  /** Missing where the alias names what it should afterwards. */
  readonly error?: LecternError;
  /** Whether the tag was written, or may have been: a response can be lost. */
  readonly written: boolean;
}

/** What the plan saw an alias name in a repository; no digest where there was no such tag. */
export interface Seen {
  readonly digest: Digest | undefined;
}

export interface MoveOrder {
  readonly alias: string;
  /** Where images come from that a repository lacks. */
  readonly source: Repository;
  readonly moves: readonly Move[];
  /** What the plan of this run saw; undefined where this run has not looked. */
  readonly seen: (repository: Repository) => Seen | undefined;
  readonly report: (message: string) => void;
}

/**
 * Moves the alias in every repository: first each image is copied to the repositories that lack it, and
 * where that fails the alias stays; then the tags are written one after the other, each read back. A
 * repository that fails does not stop the others.
 */
export async function moveAlias(client: RegistryClient, order: MoveOrder): Promise<Outcome[]> {
  const brought = await Promise.all(
    order.moves.map((move) => attempt(move, () => bring(client, order, move))),
  );
  const outcomes: Outcome[] = [];
  for (const { move, error } of brought) {
    outcomes.push(error ? { move, error, written: false } : await writeInTurn(client, order, move));
  }
  return outcomes;
}

async function writeInTurn(client: RegistryClient, order: MoveOrder, move: Move): Promise<Outcome> {
  let written = false;
  const outcome = await attempt(move, () =>
    write(client, order, move, () => {
      written = true;
    }),
  );
  return { ...outcome, written };
}

/** What the alias names now in each repository, with one HEAD request each. @throws {LecternError} */
export async function lookUp(
  client: RegistryClient,
  alias: string,
  repositories: readonly Repository[],
): Promise<Map<Repository, Digest | undefined>> {
  const found = await Promise.all(
    repositories.map(async (repository) => [repository, await client.resolve(repository, alias)] as const),
  );
  return new Map(found);
}

async function bring(client: RegistryClient, { source, report }: MoveOrder, move: Move): Promise<void> {
  if (move.from === move.to) return;
  const done = await copyImage(client, source, move.repository, move.to);
  if (done.manifests === 0) return;
  report(
    `${move.repository} now has ${shortDigest(move.to)}: ${done.manifests} manifests, ${done.mounted} layers mounted, ${done.copied} copied`,
  );
}

async function write(
  client: RegistryClient,
  order: MoveOrder,
  move: Move,
  writing: () => void,
): Promise<void> {
  const { alias, report } = order;
  const now = await client.resolve(move.repository, alias);
  if (now === move.to) return;
  refuseIfMoved(order, move, now);
  const manifest = await client.manifest(move.repository, move.to);
  writing();
  await client.putManifest(move.repository, alias, manifest.bytes, manifest.mediaType);
  const back = await client.manifest(move.repository, alias, { fresh: true });
  if (back.digest !== move.to || back.mediaType !== manifest.mediaType) {
    throw digestMismatch(`${move.repository}:${alias}`, back.digest, move.to);
  }
  report(`${move.repository}:${alias} now names ${shortDigest(move.to)} (verified)`);
}

/**
 * Refuses to overwrite a move that was made after the plan, because nobody has approved that. Registries
 * have no compare-and-swap, so a short gap remains between this check and the write.
 */
function refuseIfMoved({ alias, seen }: MoveOrder, move: Move, now: Digest | undefined): void {
  const planned = seen(move.repository);
  if (!planned || planned.digest === now) return;
  const [was, is] = [planned.digest, now].map((digest) => (digest ? shortDigest(digest) : "nothing"));
  throw new LecternError({
    code: "alias-moved-meanwhile",
    severity: "error",
    message: `${move.repository}:${alias} was moved by somebody else after the plan: it was ${was}, and is now ${is}`,
    remedy: "Find out who moved it, and run again: the next plan starts from the image that it names then",
  });
}

async function attempt(move: Move, act: () => Promise<void>): Promise<Omit<Outcome, "written">> {
  try {
    await act();
    return { move };
  } catch (error) {
    if (error instanceof LecternError) return { move, error };
    throw error;
  }
}
