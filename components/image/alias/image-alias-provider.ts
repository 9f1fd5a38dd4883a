import { z } from "zod";
import { LecternError } from "../../problem/problem.ts";
import type { CustomResourceProvider, Host, Properties } from "../../resource/provider.ts";
import { PartialFailure } from "../../resource/provider.ts";
import type { Digest, Repository } from "../reference.ts";
import { type RegistryClient, registryClient } from "../registry/registry-client.ts";
import { checkInputs, hasUnknown } from "./alias-inputs.ts";
import { lookUp, moveAlias, type Outcome } from "./alias-move.ts";
import { nameOf, sayPlan } from "./alias-notice.ts";
import { differs, type Move, nameIn, type Place, type Places, planMoves, type Wish } from "./alias-plan.ts";

const digest = z.custom<Digest>((value) => typeof value === "string");
const place = z.object({
  digest: digest.optional(),
  applied: digest,
  tag: z.string(),
  previous: digest.optional(),
  previousTag: z.string().optional(),
  rolledBack: z.boolean(),
});
const outputs = z.object({ alias: z.string(), places: z.record(z.string(), place) });

/**
 * The custom resource `ImageAlias`: a moving tag, in one repository or several, as configuration
 * wants it. What the state keeps is in {@link Places}: for each repository what was applied, what
 * was seen, and what was there before.
 *
 * The configuration decides: an alias that somebody else moved before the plan is shown as a change
 * and moved back. One that is moved between the plan and the write is left alone, and the run fails.
 */
export const imageAliasProvider: CustomResourceProvider = {
  async check(olds, news, host) {
    const inputs = withoutEngineKeys(news);
    if (hasUnknown(inputs)) return { inputs: news };
    const client = registryClient(host);
    const { wish, failures } = await checkInputs(client, inputs, olds["targetDigest"]);
    if (!wish) return { inputs: news, failures };
    const isNew = olds["alias"] === undefined;
    if (isNew && wish.rollback) {
      const reason = `${wish.alias} can't go back: this stack has not moved it yet. Take \`rollback\` away.`;
      return { inputs: news, failures: [{ property: "rollback", reason }] };
    }
    try {
      // A create is not preceded by a diff, so its line is said here.
      if (isNew) await plan(client, wish, {}, host);
    } catch (error) {
      if (!(error instanceof LecternError)) throw error;
      return { inputs: news, failures: [{ property: "repositories", reason: error.message }] };
    }
    return { inputs: { ...news, ...wish } };
  },

  async diff(_id, olds, news, host) {
    if (hasUnknown(withoutEngineKeys(news))) return { changes: true };
    const wish = wishOf(news);
    if (olds["alias"] !== wish.alias) return { changes: true, replaces: ["alias"] };
    const known = placesOf(olds);
    const moves = await plan(registryClient(host), wish, known, host);
    const renamed = ["source", "target", "targetDigest"].some((key) => olds[key] !== news[key]);
    return { changes: differs(moves, known) || renamed };
  },

  async create(inputs, host) {
    const wish = wishOf(inputs);
    const id = `${wish.repositories[0]}:${wish.alias}`;
    return { id, outs: await apply(id, wish, {}, host) };
  },

  async update(id, olds, news, host) {
    return { outs: await apply(id, wishOf(news), placesOf(olds), host) };
  },

  async read(id, props, host) {
    const parsed = outputs.safeParse(props);
    // What is not in the state yet can't be read: an import has no repositories to look into.
    if (!parsed.success) return { id, props };
    const { alias, places } = parsed.data;
    const now = await lookUp(registryClient(host), alias, Object.keys(places) as Repository[]);
    const seen = Object.entries(places).map(([name, known]): [string, Place] => {
      const { digest: _, ...kept } = known;
      const found = now.get(name as Repository);
      return [name, found === undefined ? (kept as Place) : ({ ...kept, digest: found } as Place)];
    });
    return { id, props: { ...props, ...summary(Object.fromEntries(seen)) } };
  },

  async delete(_id, props, host) {
    // A hub may be starting users on it: taking the name away is for a person.
    const names = Object.keys(placesOf(props)).map((repository) => `${repository}:${props["alias"]}`);
    host.progress(`${names.join(", ")} stays as it is; this stack no longer moves it`);
  },
};

/** What each run has seen the aliases name, so that it overwrites nothing that it has not shown. */
const SEEN = new Map<string, { digest: Digest | undefined }>();
const seenKey = (host: Host, repository: Repository, alias: string) => `${host.run} ${repository}:${alias}`;

async function plan(client: RegistryClient, wish: Wish, known: Places, host: Host) {
  const now = await lookUp(client, wish.alias, wish.repositories);
  for (const [repository, found] of now) SEEN.set(seenKey(host, repository, wish.alias), { digest: found });
  const moves = planMoves(wish, now, known);
  for (const name of Object.keys(known)) {
    if (!now.has(name as Repository))
      host.progress(`${name}:${wish.alias} stays as it is; this stack no longer moves it`);
  }
  await sayPlan(client, wish, moves, known, (line) => host.progress(line));
  return moves;
}

async function apply(id: string, wish: Wish, known: Places, host: Host): Promise<Properties> {
  const client = registryClient(host);
  const now = await lookUp(client, wish.alias, wish.repositories);
  const moves = await Promise.all(planMoves(wish, now, known).map((move) => withFormerName(client, move)));
  const outcomes = await moveAlias(client, {
    alias: wish.alias,
    source: wish.source,
    moves,
    seen: (repository) => SEEN.get(seenKey(host, repository, wish.alias)),
    say: (line) => host.progress(line),
  });
  const errors = outcomes.flatMap(({ error }) => error ?? []);
  // Where nothing was written, the state that is there already tells the truth.
  const untouched = outcomes.every(({ error, written }) => error && !written);
  if (errors.length > 0 && untouched) throw new LecternError(errors.flatMap(({ problems }) => problems));
  const places = Object.fromEntries(outcomes.flatMap((outcome) => placeAfter(outcome, known)));
  const outs = { ...wish, ...summary(places) };
  if (errors.length > 0) throw new PartialFailure(id, outs, reasonsOf(errors, moves.length));
  return outs;
}

/** A rollback will want to say where it goes. */
async function withFormerName(client: RegistryClient, move: Move): Promise<Move> {
  const { previous, previousTag } = move.after;
  if (move.from === move.to || previous === undefined || previousTag !== undefined) return move;
  const found = await nameOf(client, move.repository, previous);
  return found === undefined ? move : { ...move, after: { ...move.after, previousTag: found } };
}

/** After a failure, what was there before is what is remembered: the next run looks what is there now. */
function placeAfter({ move, error }: Outcome, known: Places): [Repository, Place][] {
  const { repository, from, after } = move;
  if (!error) return [[repository, after]];
  const before = known[repository];
  if (before) return [[repository, before]];
  return from === undefined
    ? []
    : [[repository, { digest: from, applied: from, tag: "", rolledBack: false }]];
}

function reasonsOf(errors: readonly LecternError[], total: number): string[] {
  const rest = total - errors.length;
  const note =
    total > 1 ? [`${rest} of ${total} repositories have the alias as wanted; run again for the rest`] : [];
  return [...errors.map(({ message }) => message), ...note];
}

/** What other resources and people read: the first repository speaks for all. */
function summary(places: Places): Properties {
  const [first] = Object.entries(places);
  const [repository, place] = first ?? ["", undefined];
  const { digest: now, previous } = place ?? {};
  return {
    places,
    tag: nameIn(place, now) ?? "",
    goesBackTo: goesBackTo(place),
    digest: now ?? "",
    image: now === undefined ? "" : `${repository}@${now}`,
    previous: previous ?? "",
  };
}

/** What a rollback names: the image before, or, where it is done, the one that is there. */
function goesBackTo(place: Place | undefined): Properties {
  if (place?.rolledBack) return { tag: place.tag, digest: place.applied };
  return { tag: place?.previousTag ?? "", digest: place?.previous ?? "" };
}

const placesOf = (olds: Properties): Places => {
  const parsed = outputs.shape.places.safeParse(olds["places"]);
  return parsed.success ? (parsed.data as Places) : {};
};

/** The inputs as `check` has left them. */
const wishOf = (inputs: Properties): Wish => withoutEngineKeys(inputs) as Wish;

function withoutEngineKeys(inputs: Properties): Properties {
  const { alias, target, targetDigest, source, repositories, rollback } = inputs;
  return { alias, target, targetDigest, source, repositories, rollback };
}
