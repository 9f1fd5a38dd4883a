import { z } from "zod";
import type { Problem } from "../../components/problem/problem.ts";
import { problemSchema } from "../../components/problem/problem-schema.ts";

/** The body of every answer that is no success. */
export const refusalSchema = z.object({ problems: z.array(problemSchema) });

/** One thing that is wrong with the catalog or with a request, as `lectern validate` reports it. */
export type ApiProblem = Problem;
