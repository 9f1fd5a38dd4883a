import type { MapFiles } from "../../cli/report/map-of-files.ts";
import type { Clock } from "../../components/resource/context/clock.ts";
import type { ForgeSettings } from "./save/forge/forge.ts";

/** Who makes a request. */
export interface Person {
  readonly name: string;
  /** Absent where whoever signs people in does not tell it. */
  readonly email: string | undefined;
}

/** What the routes of every page get. */
export interface StudioContext {
  /** The root of the repository, absolute. */
  readonly root: string;
  /** The catalog's folder, absolute. */
  readonly catalog: string;
  readonly clock: Clock;
  /** Files that tell what is deployed, absolute. */
  readonly deployed?: MapFiles;
  /** Writes one line of the server's log. */
  readonly log: (line: string) => void;
  /** Where pull requests are opened; absent without a token. */
  readonly forge?: ForgeSettings;
}

/** The options of a plugin that has routes. */
export interface StudioPluginOptions {
  readonly studio: StudioContext;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Set by whichever way people sign in, before a route is called. */
    person: Person;
  }
}
