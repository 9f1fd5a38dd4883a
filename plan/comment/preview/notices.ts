import type { Diagnostic } from "../../model.ts";

/** A kernel whose new image is held because of a notebook, or an alias that does not move to it. */
export interface HeldByNotebook {
  /** `kernel/python-science`, `images/campus/lab`: the key of an override. */
  readonly id: string;
  /** The ID of the course or the blog. */
  readonly course: string;
  readonly notebook: string;
  /** From 1. */
  readonly cell?: number;
  /** What happened, such as the last line of the traceback. */
  readonly error: string;
  /** The image that fails, how many other notebooks do, and what changed with it. */
  readonly image: string;
  readonly more: string;
}

/** What the messages of a preview tell, sorted by what people do with them. */
export interface Notices {
  /** Things that the gate keeps as they are, each with its reason. */
  readonly held: readonly { readonly what: string; readonly reason: string }[];
  /** Kernels that keep their images, and aliases that stay where they are, as a notebook fails on another one. */
  readonly proofs: readonly HeldByNotebook[];
  /** What goes through the gate for a while. */
  readonly overrides: readonly { readonly what: string; readonly until: string; readonly why: string }[];
  /** Gateways that restart; `kernels` is missing where nobody can tell how many that ends. */
  readonly restarts: readonly {
    readonly gateway: string;
    readonly kernels?: number;
    readonly text: string;
  }[];
  /** By the ID of an article or a kernel: what changes in it. */
  readonly changes: ReadonlyMap<string, readonly string[]>;
  readonly warnings: readonly string[];
  readonly errors: readonly string[];
  /** Whether the preview of production assumes that staging has passed. */
  readonly assumesStaging: boolean;
}

const HELD = /^(.+?) (?:is|are) held(?: unchanged)?: (.+)$/s;
/** As `failureText` of components/proof says it, and what follows it. */
const FAILURE = String.raw`(\S+) (.+?) fails(?: at cell (\d+))?(?: \((.*)\))? on (\S+?)(?:; (.+))?\. Fix the notebook, or let the image through`;
/** As `keepsText` of components/proof says it, after the kernel's name. */
const KEEPS = new RegExp(String.raw`^(\S+): (?:warning: )?the kernel keeps \S+: ${FAILURE}`, "s");
/** As `staysText` of components/proof says it, after the ID of the entry of images.yaml. */
const STAYS = new RegExp(String.raw`^(images/\S+): (?:warning: )?\S+ stays where it is: ${FAILURE}`, "s");
const OVERRIDE = /^(\S+) goes through the gate until (\d{4}-\d{2}-\d{2}), (although .+)$/s;
const RESTART = /^a restart of the gateway (\S+)(?: \(.*?\))? (would end (\d+) kernels?|is planned; .+)$/s;
const CHANGE = /^((?:course|blog|kernel)\/\S+?): (.+)$/s;
const ASSUMED = /^lectern:assumeStaging is set/;

/** What the engine says about itself, and what it says when a failure has been reported already. */
const NOISE = /^using pulumi-\S+ from |^(?:preview|update) failed$/;

/** Sorts the messages of a preview. */
export function noticesOf(diagnostics: readonly Diagnostic[]): Notices {
  const found = {
    held: new Map<string, Notices["held"][number]>(),
    proofs: new Map<string, HeldByNotebook>(),
    overrides: new Map<string, Notices["overrides"][number]>(),
    restarts: new Map<string, Notices["restarts"][number]>(),
    changes: new Map<string, Set<string>>(),
    warnings: new Set<string>(),
    errors: new Set<string>(),
  };
  for (const { severity, message } of diagnostics) {
    if (NOISE.test(message) || ASSUMED.test(message)) continue;
    if (severity === "error") found.errors.add(message.replace(/^Preview failed: /, ""));
    else if (severity === "info") noteInfo(message, found);
    else noteWarning(message, found);
  }
  return {
    held: [...found.held.values()],
    proofs: [...found.proofs.values()],
    overrides: [...found.overrides.values()],
    restarts: [...found.restarts.values()],
    changes: new Map([...found.changes].map(([id, texts]) => [id, [...texts]])),
    warnings: [...found.warnings],
    errors: [...found.errors],
    assumesStaging: diagnostics.some(({ message }) => ASSUMED.test(message)),
  };
}

function noteInfo(
  message: string,
  found: { restarts: Map<string, Notices["restarts"][number]>; changes: Map<string, Set<string>> },
): void {
  const [, gateway, text, kernels] = RESTART.exec(message) ?? [];
  if (gateway !== undefined && text !== undefined) {
    const count = kernels === undefined ? {} : { kernels: Number(kernels) };
    found.restarts.set(gateway, { gateway, text, ...count });
  }
  const [, id, change] = CHANGE.exec(message) ?? [];
  if (id !== undefined && change !== undefined) {
    found.changes.set(id, (found.changes.get(id) ?? new Set()).add(change));
  }
}

function noteWarning(
  message: string,
  found: {
    held: Map<string, Notices["held"][number]>;
    proofs: Map<string, HeldByNotebook>;
    overrides: Map<string, Notices["overrides"][number]>;
    warnings: Set<string>;
  },
): void {
  const [, allowed, until, why] = OVERRIDE.exec(message) ?? [];
  if (allowed !== undefined && until !== undefined && why !== undefined) {
    found.overrides.set(allowed, { what: allowed, until, why });
    return;
  }
  const proof = heldByNotebook(message);
  if (proof) return void found.proofs.set(proof.id, proof);
  const [, what, reason] = HELD.exec(message) ?? [];
  if (what !== undefined && reason !== undefined) found.held.set(what, { what, reason });
  else found.warnings.add(message);
}

function heldByNotebook(message: string): HeldByNotebook | undefined {
  const keeps = KEEPS.exec(message);
  const [, name, course, notebook, cell, error = "", image = "", more = ""] =
    keeps ?? STAYS.exec(message) ?? [];
  if (name === undefined || course === undefined || notebook === undefined) return undefined;
  const id = keeps ? `kernel/${name}` : name;
  const place = cell === undefined ? {} : { cell: Number(cell) };
  return { id, course, notebook, ...place, error, image, more };
}
