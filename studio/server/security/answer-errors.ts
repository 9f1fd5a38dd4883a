import type { FastifyError, FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { escaped } from "../../../components/html.ts";
import { LecternError, type Problem } from "../../../components/problem/problem.ts";
import { zodProblems } from "../../../components/problem/zod.ts";
import { DISK_FULL, isDiskFull } from "../disk-full.ts";
import { Refused } from "../refused.ts";

/** Answers every error with its problems; what is a bug of the studio goes to the log alone. */
export function answerErrors(app: FastifyInstance, log: (line: string) => void): void {
  app.setErrorHandler<FastifyError>(async (error, request, reply) => {
    const [status, problems] = refusalOf(error);
    if (status >= 500) log(`${request.method} ${request.url}: ${error.stack ?? error.message}`);
    reply.code(status);
    return isOpened(request) ? reply.type("text/html").send(pageOf(problems)) : reply.send({ problems });
  });
  app.setNotFoundHandler(async (_request, reply) =>
    reply.code(404).send({
      problems: [
        {
          code: "no-such-address",
          severity: "error",
          message: "the studio has no such address",
          remedy: "Load the page again, as the studio may have been updated",
        },
      ],
    }),
  );
}

/** Whether a person opened the address, rather than the page asked for something. */
export const isOpened = ({ method, headers }: FastifyRequest): boolean =>
  method === "GET" &&
  (headers["sec-fetch-mode"] ?? "navigate") === "navigate" &&
  headers.accept?.includes("text/html") === true;

/** Without the studio's page, which whoever is refused may not load. */
function pageOf(problems: readonly Problem[]): string {
  const texts = problems.map(
    ({ message, remedy }) => `<h1>${escaped(message)}</h1>\n<p>${escaped(remedy)}.</p>`,
  );
  return `<!doctype html>\n<html lang="en">\n<meta name="viewport" content="width=device-width">\n<title>Lectern Studio</title>\n${texts.join("\n")}\n`;
}

function refusalOf(error: FastifyError): readonly [number, readonly Problem[]] {
  if (error instanceof Refused) return [error.statusCode, error.problems];
  if (error instanceof LecternError) return [422, error.problems];
  if (error instanceof z.ZodError) return [400, zodProblems(error, {})];
  if (isDiskFull(error)) return [507, [DISK_FULL]];
  const { statusCode = 500 } = error;
  const known = REFUSALS[statusCode];
  if (known) return [statusCode, [{ severity: "error", ...known }]];
  if (statusCode < 500) return [statusCode, [{ severity: "error", ...BAD_REQUEST }]];
  return [500, [{ severity: "error", ...BUG }]];
}

/** What Fastify and its plugins refuse. */
const REFUSALS: Readonly<Record<number, Omit<Problem, "severity">>> = {
  413: {
    code: "too-large",
    message: "the request is larger than the studio accepts",
    remedy: "Save fewer changes at once",
  },
  415: {
    code: "not-json",
    message: "the studio accepts JSON only",
    remedy: "Send the header Content-Type: application/json",
  },
  429: {
    code: "too-many-requests",
    message: "too many requests in a short time",
    remedy: "Wait a minute and try again",
  },
};

const BAD_REQUEST = {
  code: "bad-request",
  message: "the request can't be read",
  remedy: "Load the page again",
};

const BUG = {
  code: "internal-error",
  message: "the studio failed to answer",
  remedy: "Try again; if it fails again, report what the studio's log says",
};
