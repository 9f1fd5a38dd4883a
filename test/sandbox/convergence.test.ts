import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { z } from "zod";
import { callSandbox, type JsonReport, report, type SandboxCommand } from "./command.ts";
import { type Fate, startCreationsProxy } from "./creations-proxy.ts";
import { KERNEL } from "./repository.ts";
import { API_KEY, openWorkplace, type Workplace } from "./workplace.ts";

/** How many articles are created at once. */
const WIDTH = 3;
const ARTICLES = 20;
const ROUNDS = 10;
/** Each is ten deployments and more. */
const RUNS = Number(process.env["LECTERN_CONVERGENCE_RUNS"] ?? 1);

const savedState = z.object({
  deployment: z.object({
    resources: z
      .array(
        z.object({
          urn: z.string(),
          outputs: z.object({ token: z.string().optional() }).optional(),
          /** Deleted, to be created again. */
          pendingReplacement: z.boolean().optional(),
        }),
      )
      .optional(),
  }),
});

/** What goes wrong in one deployment. */
interface Round {
  /** What happens to its creations, one after the other; those after them pass. */
  readonly fates: readonly Fate[];
  /** How many more articles there are from now on. */
  readonly added: number;
  readonly continueOnError: boolean;
  /** Whether the state is as slow to save as one that is far away: the engine goes on meanwhile. */
  readonly savesSlowly: boolean;
}

const SLOW_SAVES = `--import=${join(import.meta.dirname, "slow-saves.mjs")}`;

const fate = fc.constantFrom<Fate>("pass", "pass", "lose", "lose", "reset", "refuse", "kill");
const round: fc.Arbitrary<Round> = fc.record({
  fates: fc.array(fate, { maxLength: 6 }),
  added: fc.constantFrom(0, 1, 4, 9),
  continueOnError: fc.boolean(),
  savesSlowly: fc.boolean(),
});
/** A first deployment of many articles that is killed early. */
const FIRST: Round = { fates: ["pass", "kill"], added: 9, continueOnError: false, savesSlowly: false };
const CALM: Round = { fates: [], added: ARTICLES, continueOnError: false, savesSlowly: false };

/** A catalog that grows, its deployments, and a person who looks at qBook where Lectern asks. */
class Story {
  readonly #place: Workplace;
  readonly #answers: Record<string, object> = {};
  /** How many creations of an article nobody saw the end of, and how many answers were asked for. */
  readonly #doubts = new Map<string, number>();
  readonly #asked = new Map<string, number>();
  /** The articles that were announced when a deployment was killed, and of which the state knows nothing. */
  #inFlight: readonly string[] = [];
  #articles = 0;

  constructor(place: Workplace) {
    this.#place = place;
  }

  /** @returns whether the deployment went well */
  async live(round: Round): Promise<boolean> {
    const { fates, added, continueOnError } = round;
    const end = Math.min(ARTICLES, this.#articles + added);
    for (; this.#articles < end; this.#articles += 1) {
      this.#place.repository.addCourse(`c${this.#articles}`, { chapters: 1, text: `${this.#articles}` });
    }
    this.#place.repository.commit();
    const before = this.#announcedOnly();
    const result = await this.#up(round);
    const left = [...this.#announcedOnly()].flatMap(([id, run]) => (before.get(id) === run ? [] : [id]));
    // A failure leaves none, and a kill no more than there were under way.
    expect(
      left.length,
      `left by ${fates} with --continue-on-error=${continueOnError}: ${left}`,
    ).toBeLessThanOrEqual(result ? 0 : WIDTH);
    this.#inFlight = [...this.#inFlight.filter((id) => !left.includes(id)), ...left];
    const titles = this.#place.api.articles().map(({ title }) => title);
    expect(titles).toHaveLength(new Set(titles).size);
    if (result) this.#answer(result);
    return result?.ok === true;
  }

  expectAllThereOnce(): void {
    const there = this.#place.api.articles().map(({ title, status }) => `${title}: ${status}`);
    const wanted = Array.from({ length: ARTICLES }, (_, index) => `About c${index}: processed`);
    expect(there.sort()).toEqual(wanted.sort());
  }

  /** @returns what it reported; undefined where it was killed */
  async #up(round: Round): Promise<JsonReport | undefined> {
    const fates = [...round.fates];
    let running: SandboxCommand | undefined;
    let killed = false;
    const fateOf = (title: string): Fate => {
      const fate = killed ? "reset" : (fates.shift() ?? "pass");
      if (fate === "lose" || fate === "reset" || fate === "kill") {
        add(this.#doubts, `course/${title.slice("About ".length)}`);
      }
      if (fate === "kill") {
        killed = true;
        process.kill(-(running?.child.pid ?? 0), "SIGKILL");
      }
      return fate;
    };
    const proxy = await startCreationsProxy(this.#place.api.url, fateOf);
    const { state, repository } = this.#place;
    const given = ["--api", proxy.url, "--state", state, "--catalog", repository.catalog];
    const config = {
      externalKernels: JSON.stringify([KERNEL]),
      articles: JSON.stringify(this.#answers),
      parallelCreations: String(WIDTH),
    };
    const settings = Object.entries(config).flatMap(([key, value]) => ["--config", `${key}=${value}`]);
    const options = round.continueOnError ? ["--continue-on-error"] : [];
    const preloaded = round.savesSlowly ? { NODE_OPTIONS: SLOW_SAVES } : {};
    const environment = { LECTERN_API_KEY: API_KEY, ...preloaded };
    running = callSandbox(["up", "--json", ...given, ...settings, ...options], environment);
    const ended = await running;
    await proxy.stop();
    return killed ? undefined : report(ended);
  }

  /** Articles whose announcement the state has, and not themselves, with the run that announced them. */
  #announcedOnly(): ReadonlyMap<string, string | undefined> {
    const file = join(this.#place.state, "state", "sandbox.json");
    if (!existsSync(file)) return new Map();
    const { resources = [] } = savedState.parse(JSON.parse(readFileSync(file, "utf8"))).deployment;
    const named = (kind: string) =>
      resources
        .filter(({ urn, pendingReplacement }) => urn.includes(`lectern:${kind}::`) && !pendingReplacement)
        .map(({ urn, outputs }) => [`course/${urn.split("::").at(-1)}`, outputs?.token] as const);
    const articles = new Map(named("Article"));
    return new Map(named("ArticleLedger").filter(([id]) => !articles.has(id)));
  }

  /** Every question is about a creation that nobody saw the end of, and is asked once for each. */
  #answer({ steps, diagnostics }: JsonReport): void {
    const errors = [...steps.map(({ error = "" }) => error), ...diagnostics.map(({ message }) => message)];
    const found = errors
      .join("\n")
      .matchAll(/lectern:articles\["(course\/[^"]+)"\]: .*(unknown|may have been sent)/g);
    for (const id of new Set([...found].map(([, id = ""]) => id))) {
      if ((this.#asked.get(id) ?? 0) >= (this.#doubts.get(id) ?? 0)) {
        expect(this.#inFlight, `nothing happened to it: ${errors.join("\n")}`).toContain(id);
        add(this.#doubts, id);
      }
      this.#inFlight = this.#inFlight.filter((other) => other !== id);
      add(this.#asked, id);
      const there = this.#place.api.articles().find(({ title }) => title === `About ${id.slice(7)}`);
      this.#answers[id] = there
        ? { customId: there.customId }
        : { confirmAbsent: `look ${this.#asked.get(id)}` };
    }
  }
}

function add(counts: Map<string, number>, id: string): void {
  counts.set(id, (counts.get(id) ?? 0) + 1);
}

it("twenty articles are there once after ten rounds of faults and kills, and each doubt took one answer", {
  timeout: RUNS * 20 * 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(round, { minLength: ROUNDS - 1, maxLength: ROUNDS - 1 }), async (rounds) => {
      const place = await openWorkplace();
      try {
        const story = new Story(place);
        for (const one of [FIRST, ...rounds]) await story.live(one);
        for (let calm = 1; !(await story.live(CALM)); calm += 1) expect(calm).toBeLessThan(ARTICLES);
        story.expectAllThereOnce();
        place.writes();
        expect(await story.live(CALM)).toBe(true);
        expect(place.writes()).toEqual([]);
      } finally {
        await place.close();
      }
    }),
    { numRuns: RUNS, endOnFailure: true },
  );
});
