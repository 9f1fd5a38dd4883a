import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect } from "vitest";
import { type Run, SECRETS, Trial } from "./trial-run.ts";

interface Api {
  readonly url: string;
  stop(): Promise<void>;
}

const endings: (() => Promise<void> | void)[] = [];
const seen: Run[] = [];

afterEach(endTrials);

/** For tests of many trials: ends those that there are, as the end of the test does. */
export async function endTrials(): Promise<void> {
  for (const end of endings.splice(0).reverse()) await end();
}

/** For tests: does something when the test has ended. */
export function atEnd(end: () => Promise<void> | void): void {
  endings.push(end);
}

/** For tests: a folder of its own, removed when the test has ended. */
export function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lectern-"));
  atEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** For tests: a trial with an API of its own; afterwards no secret may have leaked anywhere. */
export async function trialWith<A extends Api>(
  start: (options: { folder: string; apiKey: string; latency: number }) => Promise<A>,
  config: Record<string, string> = {},
) {
  const folder = ownFolder();
  const api = await start({ folder, apiKey: SECRETS.apiKey, latency: 0 });
  atEnd(() => api.stop());
  const trial = new Trial(api.url, config);
  atEnd(() => trial.dispose());
  atEnd(() => expectNoSecret(trial, join(folder, "articles")));
  const watched = (run: Promise<Run>) =>
    run.then((done) => {
      seen.push(done);
      return done;
    });
  return {
    api,
    trial,
    up: (...args: Parameters<Trial["up"]>) => watched(trial.up(...args)),
    preview: () => watched(trial.preview()),
    refresh: () => watched(trial.refresh()),
    destroy: () => watched(trial.destroy()),
  };
}

/** No secret is in the state, in what was reported, or in what the API stores. */
function expectNoSecret(trial: Trial, stored: string): void {
  const files = readdirSync(stored).map((name) => readFileSync(join(stored, name), "utf8"));
  const shown = JSON.stringify([trial.stateText, seen.splice(0), files]);
  for (const secret of Object.values(SECRETS)) expect(shown).not.toContain(secret);
}

/** The calls of a run that change something. */
export const writes = (run: Run) => run.calls.filter((call) => !call.startsWith("GET"));

/** How often each article was sent. */
export const revisions = (api: { articles(): { revision: number }[] }) =>
  api.articles().map(({ revision }) => revision);

export const POST = "POST /learn/articles/course/ingest";
