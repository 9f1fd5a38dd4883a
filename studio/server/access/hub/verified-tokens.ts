import type { Clock } from "../../../../components/resource/context/clock.ts";
import type { HubClient, HubUser } from "./hub-client.ts";

/** How old an answer of the Hub may be for reading, in milliseconds. A write always asks. */
const FRESH = 5000;

/** Asks the Hub who a token is of. A page's many requests are one question. */
export class VerifiedTokens {
  readonly #hub: HubClient;
  readonly #clock: Clock;
  readonly #answers = new Map<string, { readonly at: number; readonly user: Promise<HubUser | undefined> }>();

  constructor(hub: HubClient, clock: Clock) {
    this.#hub = hub;
    this.#clock = clock;
  }

  /** Whoever a token is of; undefined where it is no longer valid. */
  async userOf(token: string, { fresh }: { readonly fresh: boolean }): Promise<HubUser | undefined> {
    const known = this.#answers.get(token);
    const now = this.#clock.now();
    if (known && !fresh && now - known.at < FRESH) return known.user;
    const user = this.#hub.userOf(token);
    this.#answers.set(token, { at: now, user });
    try {
      const found = await user;
      if (!found) this.#answers.delete(token);
      return found;
    } catch (error) {
      this.#answers.delete(token);
      throw error;
    }
  }
}
