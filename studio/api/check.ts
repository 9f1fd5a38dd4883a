import { z } from "zod";
import { problemSchema } from "../../components/problem/problem-schema.ts";
import { editSchema } from "./draft.ts";

/** `POST /api/check`: what is wrong with the clusters that edits belong to, with the edits in them. */
export const checkRequestSchema = z.object({ edits: z.array(editSchema) });

/** The problems that `lectern validate` reports; files are from the catalog's folder. */
export const checkSchema = z.object({ problems: z.array(problemSchema) });
