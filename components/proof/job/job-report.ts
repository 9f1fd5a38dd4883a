import { inflateSync } from "node:zlib";
import { z } from "zod";
import { digestOf } from "../../digest.ts";
import { jsonOf } from "../../problem/json.ts";
import { MARK } from "./proof-script.ts";

/** Bytes of a report once it is unpacked. */
const LARGEST = 32 * 2 ** 20;

const report = z.object({
  /** Why no cell was executed. */
  impossible: z.string().optional(),
  cells: z.array(
    z.object({
      number: z.int().positive(),
      /** Seconds after the first cell began. */
      at: z.number().nonnegative(),
      traceback: z.string().nullish(),
      late: z.boolean(),
      outputs: z.array(z.unknown()),
    }),
  ),
  /** Seconds after which no further cell was begun. */
  stopped: z.number().optional(),
  /** Why the kernel ended while the cell after the last one ran. */
  ended: z.string().optional(),
  /** Whether outputs were left out, because the notebook had more than the limit. */
  dropped: z.boolean().default(false),
  /** What `measure` has printed. */
  measured: z.string().optional(),
  seconds: z.number().nonnegative(),
});

/** What a container tells of a notebook. */
export type JobReport = z.output<typeof report>;

/** What a container's log has, whatever else is printed there. */
export interface JobLog {
  /** Absent where the container ended before it, or the log is not whole. */
  readonly report?: JobReport;
  /** The number of the last cell that was begun. */
  readonly cell?: number;
}

/** Reads the log of a container. @param word what is in each line of this notebook's */
export function readJobLog(log: string, word: string): JobLog {
  const begin = `${MARK} ${word} `;
  let [cell, text]: [number | undefined, string | undefined] = [undefined, undefined];
  let pieces: string[] = [];
  for (const line of log.split("\n")) {
    if (!line.startsWith(begin)) continue;
    const [kind, first = "", piece = ""] = line.slice(begin.length).trim().split(" ");
    if (kind === "cell") cell = Number.parseInt(first, 10) || undefined;
    else if (kind === "report") pieces = first.startsWith("1/") ? [piece] : [...pieces, piece];
    else if (kind === "end" && digestOf(pieces.join("")) === `sha256:${first}`) text = pieces.join("");
  }
  const found = text === undefined ? undefined : unpacked(text);
  return { ...(found ? { report: found } : {}), ...(cell === undefined ? {} : { cell }) };
}

function unpacked(text: string): JobReport | undefined {
  try {
    const bytes = inflateSync(Buffer.from(text, "base64"), { maxOutputLength: LARGEST });
    return report.safeParse(jsonOf(bytes.toString("utf8"))).data;
  } catch {
    return undefined;
  }
}
