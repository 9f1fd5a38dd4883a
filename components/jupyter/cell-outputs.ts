import { stripVTControlCharacters } from "node:util";
import { z } from "zod";

/** What a cell shows: one value in several forms, by mime type; text and base64 as strings, JSON as it is. */
type MimeBundle = Readonly<Record<string, unknown>>;

/** An output of a cell, as nbformat 4 keeps it. Texts have no colours. */
export type CellOutput =
  | { readonly output_type: "stream"; readonly name: string; readonly text: string }
  | { readonly output_type: "display_data" | "execute_result"; readonly data: MimeBundle }
  | {
      readonly output_type: "error";
      readonly ename: string;
      readonly evalue: string;
      readonly traceback: readonly string[];
    };

/** Texts are a string, or a list of lines in a saved notebook. */
const text = z.union([z.string(), z.array(z.string())]).transform((value) => plain([value].flat().join("")));
const lines = z.array(z.string().transform((line) => plain(line)));
const bundle = z.record(
  z.string(),
  z
    .unknown()
    .transform((value) =>
      Array.isArray(value) && value.every((line) => typeof line === "string") ? value.join("") : value,
    ),
);

const plain = (value: string) => stripVTControlCharacters(value);

const output = z.discriminatedUnion("output_type", [
  z.object({ output_type: z.literal("stream"), name: z.string().default("stdout"), text }),
  z.object({ output_type: z.enum(["display_data", "execute_result"]), data: bundle.default({}) }),
  z.object({
    output_type: z.literal("error"),
    ename: z.string().default(""),
    evalue: z.string().default(""),
    traceback: lines.default([]),
  }),
]);

/** The outputs that a notebook was saved with; what nbformat does not know is left out. */
export function savedOutputs(saved: readonly unknown[]): CellOutput[] {
  const all: CellOutput[] = [];
  for (const one of saved.flatMap((value) => output.safeParse(value).data ?? [])) {
    const last = all.at(-1);
    if (one.output_type === "stream" && continues(last, one))
      all[all.length - 1] = { ...one, text: last.text + one.text };
    else all.push(one);
  }
  return all;
}

type Stream = Extract<CellOutput, { output_type: "stream" }>;

/** Whether an output goes on with what the last one printed. */
function continues(last: CellOutput | undefined, next: CellOutput): last is Stream {
  return last?.output_type === "stream" && next.output_type === "stream" && last.name === next.name;
}

/** Gathers the outputs of one cell from the kernel's messages, up to a limit of bytes. */
export class OutputCollector {
  readonly #limit: number;
  #outputs: (CellOutput & { displayId?: unknown })[] = [];
  #parts: string[] = [];
  #bytes = 0;
  #dropped = 0;
  #clearsNext = false;

  /** @param limit bytes; what a cell puts out beyond them is counted and dropped */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes a message's content as it is; what is no output is ignored. @param size of the message in bytes */
  take(type: string, content: Readonly<Record<string, unknown>>, size: number): void {
    if (type === "clear_output") {
      if (content["wait"] === true) this.#clearsNext = true;
      else this.#clear();
      return;
    }
    const isUpdate = type === "update_display_data";
    const parsed = output.safeParse({ ...content, output_type: isUpdate ? "display_data" : type });
    if (!parsed.success) return;
    if (this.#clearsNext) this.#clear();
    if (this.#bytes + size > this.#limit) {
      this.drop(size);
      return;
    }
    this.#bytes += size;
    const { display_id: displayId } = transient.safeParse(content["transient"]).data ?? {};
    if (isUpdate) this.#update(displayId, parsed.data);
    else this.#add(parsed.data, displayId);
  }

  /** Notes an output that is left out. */
  drop(size: number): void {
    this.#dropped += size;
  }

  /** In order, without those that were cleared. */
  get outputs(): CellOutput[] {
    this.#flush();
    return this.#outputs.map(({ displayId: _, ...one }) => one);
  }

  /** Bytes that were left out. */
  get dropped(): number {
    return this.#dropped;
  }

  #clear(): void {
    this.#outputs = [];
    this.#parts = [];
    this.#clearsNext = false;
  }

  #add(one: CellOutput, displayId: unknown): void {
    const last = this.#outputs.at(-1);
    if (one.output_type === "stream" && continues(last, one)) {
      this.#parts.push(one.text);
      return;
    }
    this.#flush();
    this.#outputs.push(displayId === undefined ? one : { ...one, displayId });
  }

  /** Joins what was printed in pieces: adding each to a text would copy it as often. */
  #flush(): void {
    const last = this.#outputs.at(-1);
    if (last?.output_type === "stream" && this.#parts.length > 0)
      this.#outputs[this.#outputs.length - 1] = { ...last, text: last.text + this.#parts.join("") };
    this.#parts = [];
  }

  #update(id: unknown, one: CellOutput): void {
    if (id === undefined) return;
    this.#outputs = this.#outputs.map((known) =>
      known.displayId === id ? { ...one, displayId: id } : known,
    );
  }
}

const transient = z.object({ display_id: z.unknown() }).partial();
