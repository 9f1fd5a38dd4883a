import { z } from "zod";
import { mask } from "../../article/source/credentials/credential.ts";
import { findCredentials } from "../../article/source/credentials/credentials.ts";
import { uncoloured } from "../../article/source/notebook/terminal-codes.ts";

/** Characters of what is kept: enough for a person, and for annotations and outputs to hold many. */
const NAME = 500;
const SOURCE = 1000;
const TRACEBACK = 6000;
const MESSAGE = 500;
const DIFFERENCES = 20;
/** What is looked at of a text from outside. */
const LOOKED_AT = 50_000;

/** The key that {@link proofKey} makes. */
export const PROOF_KEY = /^[0-9a-f]{64}$/;

const cell = z.object({
  /** Its place among all cells of the notebook, from 0. */
  index: z.int().nonnegative(),
  id: z.string().max(64).optional(),
});

/** What came of one notebook on one image. All texts are bounded, and without credentials. */
export const proofResult = z.object({
  key: z.string().regex(PROOF_KEY),
  /** The course's path in the catalog. */
  course: z.string().max(NAME),
  /** Relative to the course. */
  notebook: z.string().max(NAME),
  /** `repository@sha256:…` */
  image: z.string().max(NAME),
  outcome: z.enum(["passed", "failed"]),
  /** One sentence about a failure, such as `the kernel used more than 2 GiB of memory`. */
  reason: z.string().max(MESSAGE).optional(),
  /** The cell that failed, with the beginning of its source. */
  cell: cell.extend({ source: z.string().max(SOURCE) }).optional(),
  /** Its end, where it is long. */
  traceback: z.string().max(TRACEBACK).optional(),
  /** Where outputs are not what the notebook has. */
  differences: z
    .array(
      z.object({
        cell,
        kind: z.enum(["errors", "text", "images"]),
        message: z.string().max(MESSAGE),
      }),
    )
    .max(DIFFERENCES)
    .readonly()
    .optional(),
  seconds: z.number().nonnegative(),
  /** Bytes. */
  peakMemory: z.number().nonnegative().optional(),
  ranAt: z.iso.datetime(),
});

export type ProofResult = Readonly<z.output<typeof proofResult>>;

/** The result with its texts cut to what is kept, and every credential in them masked. */
export async function presentable(result: ProofResult): Promise<ProofResult> {
  const { reason, cell: failed, traceback, differences } = result;
  return proofResult.parse({
    ...result,
    ...(reason !== undefined && { reason: start(await clean(reason), MESSAGE) }),
    ...(failed && { cell: { ...failed, source: start(await clean(failed.source), SOURCE) } }),
    ...(traceback !== undefined && { traceback: end(await clean(traceback, end), TRACEBACK) }),
    ...(differences && { differences: await Promise.all(differences.slice(0, DIFFERENCES).map(cleanOne)) }),
  });
}

type Difference = NonNullable<ProofResult["differences"]>[number];

const cleanOne = async (difference: Difference) => ({
  ...difference,
  message: start(await clean(difference.message), MESSAGE),
});

/** Without colours and credentials; what is longer than anybody reads is cut first, which never leaves half a secret. */
async function clean(text: string, cut = start): Promise<string> {
  const short = cut(text, LOOKED_AT);
  const plain = uncoloured(short).at(-1)?.text ?? short;
  const secrets = (await findCredentials(plain)).map(({ secret }) => secret);
  return mask(plain, secrets);
}

const start = (text: string, most: number) => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);
const end = (text: string, most: number) => (text.length <= most ? text : `…${text.slice(1 - most)}`);

/** A result in a line: `course/bell 1.ipynb passed (3 s, 80 MB)`. */
export const resultText = ({ course, notebook, outcome, seconds, peakMemory }: ProofResult): string =>
  `${course} ${notebook} ${outcome} (${seconds} s${peakMemory === undefined ? "" : `, ${Math.round(peakMemory / 1e6)} MB`})`;
