import { createHash, randomBytes } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";

/** How many there are at once; the oldest one goes first. */
const MOST = 10_000;

/** Sessions of browsers, in memory: they end with the process. */
export class Sessions<T> {
  readonly #known = new Map<string, T>();
  readonly #cookie = `lectern-studio-${randomBytes(4).toString("hex")}`;
  readonly #path: string;

  /** @param path below which a browser sends the cookie */
  constructor(path: string) {
    this.#path = path;
  }

  /** Begins a session, and has the browser keep it. */
  begin(reply: FastifyReply, value: T): void {
    const id = randomBytes(32).toString("base64url");
    const [oldest] = this.#known.keys();
    if (oldest !== undefined && this.#known.size >= MOST) this.#known.delete(oldest);
    this.#known.set(hashed(id), value);
    const secure = reply.request.headers["x-forwarded-proto"] === "https";
    reply.setCookie(this.#cookie, id, { path: this.#path, httpOnly: true, sameSite: "lax", secure });
  }

  of(request: FastifyRequest): T | undefined {
    const id = request.cookies[this.#cookie];
    return id === undefined ? undefined : this.#known.get(hashed(id));
  }

  end(request: FastifyRequest): void {
    const id = request.cookies[this.#cookie];
    if (id !== undefined) this.#known.delete(hashed(id));
  }
}

/** What is kept can't be sent as a cookie, and is looked up in a time that tells nothing of it. */
const hashed = (id: string) => createHash("sha256").update(id).digest("hex");
