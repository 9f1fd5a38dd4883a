import type { Digest } from "../../digest.ts";
import { LecternError } from "../../problem/problem.ts";
import { type Repository, shortDigest } from "../reference.ts";
import type { RegistryClient } from "../registry/registry-client.ts";
import { digestMismatch } from "../registry/registry-errors.ts";
import type { Manifest } from "../registry/registry-manifest.ts";
import { copyImage } from "./alias-copy.ts";
import type { Move } from "./alias-plan.ts";
import { copyReferrers } from "./referrers-copy.ts";

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
  const referrers = await copyReferrers(client, source, move.repository, move.to);
  if (done.manifests === 0) return;
  const signatures = referrers === 0 ? "" : `, ${referrers} signatures or other referrers`;
  report(
    `${move.repository} now has ${shortDigest(move.to)}: ${done.manifests} manifests, ${done.mounted} layers mounted, ${done.copied} copied${signatures}`,
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
  const manifest = await client.manifest(move.repository, move.to);
  if (now === move.to) {
    const { digest } = await client.manifest(move.repository, alias, { fresh: true });
    if (digest !== move.to) throw digestMismatch(`${move.repository}:${alias}`, move.to, digest);
    return;
  }
  refuseIfMoved(order, move, now);
  writing();
  await put(client, order, move.repository, manifest);
  if (!(await names(client, order, move.repository, manifest))) throw await undo(client, order, move, now);
  report(`${move.repository}:${alias} now names ${shortDigest(move.to)} (verified)`);
}

/** Writes a manifest under the alias. What a registry claims to have kept is looked at afterwards. */
async function put(
  client: RegistryClient,
  { alias }: MoveOrder,
  repository: Repository,
  { bytes, mediaType }: Manifest,
): Promise<void> {
  try {
    await client.putManifest(repository, alias, bytes, mediaType);
  } catch (error) {
    if (!isMismatch(error)) throw error;
  }
}

/** Whether the alias names a manifest, by the bytes that the registry returns for it. */
async function names(
  client: RegistryClient,
  { alias }: MoveOrder,
  repository: Repository,
  { digest, mediaType }: Manifest,
): Promise<boolean> {
  try {
    const back = await client.manifest(repository, alias, { fresh: true });
    return back.digest === digest && back.mediaType === mediaType;
  } catch (error) {
    if (isMismatch(error)) return false;
    throw error;
  }
}

const isMismatch = (error: unknown) =>
  error instanceof LecternError && error.problems.every(({ code }) => code === "digest-mismatch");

/**
 * Puts the alias back to what it named before, where the registry keeps other bytes than it was given: what it
 * names now is an image that nobody has tried.
 * @returns the error that says how that ended
 */
async function undo(
  client: RegistryClient,
  order: MoveOrder,
  move: Move,
  before: Digest | undefined,
): Promise<LecternError> {
  const { repository, to } = move;
  const tag = `${repository}:${order.alias}`;
  const isBack =
    before !== undefined &&
    (await client
      .manifest(repository, before)
      .then(async (manifest) => {
        await put(client, order, repository, manifest);
        return names(client, order, repository, manifest);
      })
      .catch(() => false));
  const now = await client.resolve(repository, order.alias).catch(() => undefined);
  const is = isBack
    ? `It names ${shortDigest(before)} again, as before`
    : `It names ${now ? shortDigest(now) : "an unknown image"} now, which nobody has tried`;
  return new LecternError({
    code: "rewritten-manifest",
    severity: "error",
    message: `the registry keeps other bytes than it was given for ${tag}, so it can't name ${shortDigest(to)}. ${is}`,
    remedy: isBack
      ? "Ask the registry's owner to keep manifests as they are pushed"
      : `Set ${tag} by hand, and ask the registry's owner to keep manifests as they are pushed`,
  });
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
