import type { FastifyInstance } from "fastify";

/** One way in which people sign in. */
export interface Access {
  /** Whether people reach the studio on this machine alone. */
  readonly loopbackOnly: boolean;
  /** Adds its routes, and a hook that sets `request.person` or refuses the request. */
  add(app: FastifyInstance): Promise<void>;
}
