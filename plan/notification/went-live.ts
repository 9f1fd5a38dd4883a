import { isObject } from "../../components/json.ts";
import { idOfLabel } from "../label.ts";
import type { Step, StepOp } from "../model.ts";
import { changedRows } from "../terminal/tree.ts";
import type { LiveThing } from "./live-thing.ts";

/** An event of the engine, as far as it tells what was done. */
export interface DoneEvent {
  readonly resOutputsEvent?: {
    readonly planning?: boolean;
    readonly metadata: {
      readonly op: string;
      readonly urn: string;
      readonly type: string;
      readonly new?: Told;
      readonly old?: Told;
    };
  };
}

interface Told {
  readonly parent?: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

const STACK = "pulumi:pulumi:Stack";

const OPS: Readonly<Record<string, StepOp>> = {
  create: "create",
  update: "update",
  "create-replacement": "replace",
  delete: "delete",
};

const CHANGES: Readonly<Record<string, LiveThing["change"]>> = {
  create: "created",
  update: "updated",
  replace: "replaced",
  delete: "removed",
  forget: "removed",
};

/** Gathers what a deployment has done, from the engine's events: steps that ended well, and the stack's outputs. */
export class WentLive {
  readonly #steps: Step[] = [];
  #outputs: Readonly<Record<string, unknown>> = {};

  note({ resOutputsEvent }: DoneEvent): void {
    if (!resOutputsEvent || resOutputsEvent.planning) return;
    const { op, urn, type, new: now, old } = resOutputsEvent.metadata;
    if (type === STACK) this.#outputs = now?.outputs ?? {};
    const done = OPS[op];
    if (done === undefined || type.startsWith("pulumi:")) return;
    const parent = (now ?? old)?.parent;
    const name = urn.split("::").slice(3).join("::");
    this.#steps.push({ op: done, urn, type, name, changed: [], ...(parent ? { parent } : {}) });
  }

  /** What people notice: each thing once, whatever it consists of. */
  get things(): LiveThing[] {
    return changedRows(this.#steps).flatMap(({ label, op }): LiveThing[] => {
      const change = CHANGES[op];
      if (change === undefined) return [];
      const id = idOfLabel(label);
      return [{ ...(id === undefined ? {} : { id, ...this.#toldOf(id) }), label, change }];
    });
  }

  /** What the stack's outputs tell of a thing. A secret in them is masked. */
  #toldOf(id: string): Pick<LiveThing, "title" | "url"> {
    const [kind = "", ...rest] = id.split("/");
    const name = rest.join("/");
    if (kind === "hub") return textsOf(this.#entry("hubs", name), { url: "url" });
    if (kind === "kernel") return textsOf(this.#entry("kernels", name), { title: "displayName" });
    return textsOf(this.#entry("articles", id), { title: "title", url: "url" });
  }

  #entry(output: string, key: string): unknown {
    const entries = this.#outputs[output];
    return isObject(entries) ? entries[key] : undefined;
  }
}

function textsOf(entry: unknown, fields: Readonly<Partial<Record<"title" | "url", string>>>) {
  if (!isObject(entry)) return {};
  return Object.fromEntries(
    Object.entries(fields).flatMap(([as, field]) => {
      const text = entry[field];
      return typeof text === "string" && text !== "" ? [[as, text]] : [];
    }),
  );
}
