import { appendFileSync, mkdirSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readBody, type Service, sendHtml, sendJson, serve } from "../server.ts";
import { type Answer, type Envelope, failure, good, invalid, parse, refused } from "./answers.ts";
import { ArticleStore, articleBody, type ListedArticle, type StoredArticle } from "./articles.ts";
import { type Fault, FaultFile, faultSchema, type Operation } from "./faults.ts";
import { KernelStore, kernelBody } from "./kernels.ts";
import { show } from "./pages/show.ts";
import { failureBy, statusUnder } from "./status.ts";

export interface QbookOptions {
  /** Where the articles, the faults and the log of calls are; made where it is missing. */
  readonly folder: string;
  readonly apiKey: string;
  /** @default 0, any free one */
  readonly port?: number;
  /** Milliseconds until an article is processed. @default 300 */
  readonly latency?: number;
  readonly faults?: readonly Fault[];
  /** @default "success" */
  readonly envelope?: Envelope;
}

/** A call as it was answered; its body and its key are not kept. */
interface LoggedCall {
  readonly method: string;
  readonly path: string;
  readonly operation: Operation;
  /** 0 where the connection was ended instead. */
  readonly status: number;
}

export interface Qbook extends Service {
  /** The API's base: `http://127.0.0.1:<port>/api/v1`. */
  readonly url: string;
  calls(): readonly LoggedCall[];
  articles(): ListedArticle[];
  article(customId: string): StoredArticle | undefined;
  /** Somebody removes an article by hand. */
  remove(customId: string): void;
  /** Replaces all faults. */
  setFault(...faults: Fault[]): void;
}

const BASE = "/api/v1";

/** Starts a stand-in of the qBook API on loopback, with its state in a folder. */
export async function startQbook(options: QbookOptions): Promise<Qbook> {
  mkdirSync(options.folder, { recursive: true });
  const api = new Api(options);
  const service = await serve((request, response) => api.answer(request, response), options.port);
  api.origin = service.url;
  return {
    url: `${service.url}${BASE}`,
    stop: service.stop,
    calls: () => api.calls,
    articles: () => api.articles.list(),
    article: (customId) => api.articles.get(customId),
    remove: (customId) => api.articles.remove(customId),
    setFault: (...faults) => api.faults.set(faults),
  };
}

interface Call {
  readonly operation: Operation;
  readonly work: (body: unknown, fault: Fault | undefined) => Promise<Answer> | Answer;
}

class Api {
  origin = "";
  readonly calls: LoggedCall[] = [];
  readonly articles: ArticleStore;
  readonly kernels: KernelStore;
  readonly faults: FaultFile;
  readonly #options: QbookOptions;
  readonly #envelope: Envelope;

  constructor(options: QbookOptions) {
    this.#options = options;
    this.#envelope = options.envelope ?? "success";
    const latency = options.latency ?? 300;
    this.articles = new ArticleStore(options.folder, latency);
    this.kernels = new KernelStore(options.folder, latency);
    this.faults = new FaultFile(options.folder);
    if (options.faults) this.faults.set(options.faults);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://stand-in");
    const { pathname } = url;
    if (!pathname.startsWith(BASE)) return show(this.articles, url, response);
    const path = pathname.slice(BASE.length);
    const text = (await readBody(request)).toString("utf8");
    if (path === "/_control/faults") return this.#control(request.method, text, response);
    const call = this.#call(`${request.method} ${path}`);
    if (!call) return sendJson(response, 404, failure("NOT_FOUND", `no ${request.method} ${path}`));
    const log = (status: number) =>
      this.#log({ method: request.method ?? "", path, operation: call.operation, status });
    if (request.headers["x-api-key"] !== this.#options.apiKey) {
      log(401);
      return sendJson(response, 401, failure("UNAUTHORIZED", "this key is not known"));
    }
    await this.#underFault(call, text, response, log, request.headers["x-api-key"]);
  }

  async #underFault(
    { operation, work }: Call,
    text: string,
    response: ServerResponse,
    log: (status: number) => void,
    key: string,
  ): Promise<void> {
    const fault = this.faults.take(operation);
    const reply = ({ status, body }: Answer, headers = {}) => {
      log(status);
      sendJson(response, status, body, headers);
    };
    const hangUp = () => {
      log(0);
      response.socket?.resetAndDestroy();
    };
    switch (fault?.fault) {
      case "reset":
        return hangUp();
      case "too-many":
        return reply(refused(429, "TOO_MANY_REQUESTS", "slow down"), {
          "retry-after": String(fault.retryAfter ?? 1),
        });
      case "refuse":
        return reply(refused(400, "INVALID_ARTICLE", "this article is not accepted"));
      case "echo":
        return reply(refused(400, "INVALID_REQUEST", `not understood: ${key} ${text}`));
      case "error-before":
        return reply(refused(500, "INTERNAL", "something broke"));
      case "html":
        log(200);
        return sendHtml(response, 200, "<!doctype html><title>Log in</title>");
    }
    const answer = await work(parse(text), fault);
    switch (fault?.fault) {
      case "drop-reply":
        return hangUp();
      case "error-after":
        return reply(refused(500, "INTERNAL", "something broke"));
      case "redirect":
        return reply({ status: fault.status ?? 303, body: {} }, { location: "/login" });
      case "malformed":
        log(answer.status);
        response.writeHead(answer.status, { "content-type": "application/json" });
        response.end(JSON.stringify(answer.body).slice(0, -3));
        return;
      case "slow":
        await delay(fault.delay ?? 1000, undefined, { ref: false });
    }
    reply(answer);
  }

  #call(line: string): Call | undefined {
    const at = (pattern: RegExp) => pattern.exec(line)?.slice(1).map(decodeURIComponent);
    const [kind, id] = at(/^PUT \/learn\/articles\/(course|blog)\/([^/]+)$/) ?? [];
    const [newKind] = at(/^POST \/learn\/articles\/(course|blog)\/ingest$/) ?? [];
    const [asked] = at(/^GET \/learn\/articles\/files\/status\/([^/]+)$/) ?? [];
    const [cancelled] = at(/^POST \/learn\/articles\/([^/]+)\/cancel$/) ?? [];
    const [build] = at(/^GET \/kernels\/deploy\/([^/]+)$/) ?? [];
    if (line === "GET /users/verify") {
      return { operation: "verify", work: () => good(this.#envelope, 200, { email: "author@example.org" }) };
    }
    if (newKind) return { operation: "ingest", work: (body, fault) => this.#ingest(newKind, body, fault) };
    if (kind && id)
      return { operation: "replace", work: (body, fault) => this.#replace(kind, id, body, fault) };
    if (asked) return { operation: "status", work: (_, fault) => this.#status(asked, fault) };
    if (cancelled) return { operation: "cancel", work: () => this.#cancel(cancelled) };
    if (line === "POST /kernels/deploy")
      return { operation: "deploy", work: (body, fault) => this.#deploy(body, fault) };
    if (build) return { operation: "build", work: () => this.#build(build) };
    if (line === "GET /kernels") {
      return {
        operation: "catalogue",
        work: () => good(this.#envelope, 200, { kernels: this.kernels.catalogue() }),
      };
    }
    return undefined;
  }

  async #ingest(kind: string, raw: unknown, fault: Fault | undefined): Promise<Answer> {
    const body = articleBody.safeParse(raw);
    if (!body.success) return invalid(body.error.issues);
    const { customId } = await this.articles.create(kind, body.data, failureBy(fault));
    return good(this.#envelope, 201, { article: { customId, kind } });
  }

  async #replace(kind: string, customId: string, raw: unknown, fault: Fault | undefined): Promise<Answer> {
    const body = articleBody.safeParse(raw);
    const before = this.articles.get(customId);
    if (!before || before.kind !== kind) return refused(404, "ARTICLE_NOT_FOUND", `no ${kind} ${customId}`);
    if (!body.success) return invalid(body.error.issues);
    await this.articles.replace(before, body.data, failureBy(fault));
    return good(this.#envelope, 200, { article: { customId, kind } });
  }

  #status(customId: string, fault: Fault | undefined): Answer {
    const article = this.articles.get(customId);
    if (!article) return refused(404, "ARTICLE_NOT_FOUND", `no article ${customId}`);
    const now = Date.now();
    const url = `${this.origin}/learn/${encodeURIComponent(customId)}`;
    return good(
      this.#envelope,
      200,
      statusUnder(fault, article, this.articles.status(article, now), url, now),
    );
  }

  #cancel(customId: string): Answer {
    if (!this.articles.get(customId)) return refused(404, "ARTICLE_NOT_FOUND", `no article ${customId}`);
    return good(this.#envelope, 200, { cancelled: true });
  }

  #deploy(raw: unknown, fault: Fault | undefined): Answer {
    const body = kernelBody.safeParse(raw);
    if (!body.success) return invalid(body.error.issues);
    const build = this.kernels.deploy(body.data, fault?.fault === "build-failed");
    if (!build) return refused(400, "KERNEL_ALREADY_EXISTS", `there is a kernel ${body.data.kernelName}`);
    return good(this.#envelope, 200, { buildId: build.buildId });
  }

  #build(buildId: string): Answer {
    const status = this.kernels.status(buildId, Date.now());
    return status
      ? good(this.#envelope, 200, status)
      : refused(404, "BUILD_NOT_FOUND", `no build ${buildId}`);
  }

  /** `PUT` replaces the faults, `GET` says them: for people with a stand-in in another process. */
  #control(method: string | undefined, text: string, response: ServerResponse): void {
    if (method === "PUT") this.faults.set(faultSchema.array().parse(parse(text)));
    sendJson(response, 200, {
      faults: this.faults.all(),
      articles: this.articles.list(),
      calls: this.calls.length,
    });
  }

  #log(call: LoggedCall): void {
    this.calls.push(call);
    appendFileSync(join(this.#options.folder, "calls.jsonl"), `${JSON.stringify(call)}\n`);
  }
}
