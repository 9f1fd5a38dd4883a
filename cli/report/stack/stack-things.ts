import { digestOf } from "../../../components/digest.ts";
import { formatProblem } from "../../../components/problem/problem.ts";
import { type MapThing, THING_KINDS } from "../../../plan/map/map-file.ts";
import { type OutputEntries, type OutputName, parseOutput } from "../../../stacks/outputs/parse-output.ts";
import { plainId } from "./plain-id.ts";
import { instantOf, type StackState } from "./stack-state.ts";

/** What a stack has deployed or holds, as its outputs tell, and what of them can't be read. */
export function thingsOf(
  stack: string,
  { outputs, secret, changed }: StackState,
): { things: MapThing[]; problems: string[] } {
  const problems = secret.map((path) => `the output ${path} of the stack ${stack} is secret, and not shown`);
  const read: ReadOutput = (name) => {
    const found = parseOutput(stack, name, outputs[name]);
    problems.push(...found.problems.map(formatProblem));
    return found.entries;
  };
  const things = new Map<string, MapThing>();
  const add = (thing: MapThing) => void things.set(thing.id, { ...sinceOf(thing.id, changed), ...thing });
  for (const thing of [...articles(read), ...kernels(read), ...images(read), ...hubs(read)]) add(thing);
  for (const [id, held] of read("holds")) {
    const thing = things.get(id) ?? bare(id);
    if (held && thing) things.set(id, { ...thing, held });
  }
  for (const [id, override] of read("overrides")) {
    const thing = things.get(id);
    if (override && thing) things.set(id, { ...thing, override });
  }
  return { things: [...things.values()].sort(byKindAndName), problems };
}

type ReadOutput = <Name extends OutputName>(name: Name) => OutputEntries<Name>;

function articles(read: ReadOutput): MapThing[] {
  const of = (name: "articles" | "forgotten") =>
    [...read(name)].flatMap(([id, article]): MapThing[] => {
      const thing = bare(id);
      if (!thing) return [];
      const { title = "", url = "", fingerprint = "", kernels = [] } = article ?? {};
      return [{ ...thing, ...given({ title, url: webUrl(url), digest: fingerprint }), uses: [...kernels] }];
    });
  const opened = read("courseLinks");
  const withLinks = (thing: MapThing): MapThing => {
    const links = Object.entries(opened.get(thing.id) ?? {})
      .map(([hub, url]) => ({ hub, url: webUrl(url) }))
      .filter(({ url }) => url !== "");
    return links.length === 0 ? thing : { ...thing, links };
  };
  const left = of("forgotten").map((thing): MapThing => ({ ...thing, outside: "left" }));
  return [...left, ...of("articles").map(withLinks)];
}

const kernels = (read: ReadOutput): MapThing[] =>
  [...read("kernels")].map(([name, kernel]) => {
    const [image = "", digest = ""] = (kernel?.image ?? "").split("@");
    const title = kernel?.displayName ?? "";
    return { id: `kernel/${name}`, kind: "kernel", ...given({ title, image, digest }), uses: [] };
  });

/** Of recommended images what the moving tag names, else the head of the menu; then the images that hubs are built from. */
function images(read: ReadOutput): MapThing[] {
  const aliases = read("aliases");
  const recommended = [...read("images")].map(([id, selected]): MapThing => {
    const alias = aliases.get(id);
    const { tag = "", digest = "" } = alias?.digest ? alias : (selected?.recommended ?? {});
    const image = selected?.repository ?? "";
    const menu = (selected?.menu ?? []).map(({ name }) => name);
    return { id: `images/${id}`, kind: "images", ...given({ version: tag, image, digest }), uses: menu };
  });
  const built = [...read("hubImages")].map(([name, one]): MapThing => {
    const [, image = "", version = "", digest = ""] = /^(.+):([^:@]+)@(.+)$/.exec(one?.image ?? "") ?? [];
    return { id: `image/${name}`, kind: "image", ...given({ version, image, digest }), uses: [] };
  });
  return [...recommended, ...built];
}

function hubs(read: ReadOutput): MapThing[] {
  const support = [...read("support")].map(([cluster, one]): MapThing => {
    const { chart = "", parts = {} } = one ?? {};
    return {
      id: `support/${cluster}`,
      kind: "support",
      ...given({ version: chart, digest: ofParts(parts) }),
      uses: [],
    };
  });
  const found = [...read("hubs")].map(([id, hub]): MapThing => {
    const { chart = "", parts = {}, url = "", since = "", images = {}, retired = false } = hub ?? {};
    return {
      id: `hub/${id}`,
      kind: "hub",
      ...given({ version: chart, digest: ofParts(parts), url: webUrl(url), since: instantOf(since) ?? "" }),
      // Where nothing was checked a hub counts as healthy to the gate, and is not called so.
      ...(hub && since !== "" ? { healthy: hub.healthy } : {}),
      ...(retired ? { outside: "retired" as const } : {}),
      uses: Object.entries(images).map(
        ([name, image]) => `${name} ${image.split("@")[0]?.split(":").at(-1)}`,
      ),
    };
  });
  return [...found, ...support];
}

/** One digest for all parts of a hub. */
function ofParts(parts: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(parts).sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.length === 0 ? "" : digestOf(JSON.stringify(sorted));
}

/** A thing of which only its ID is known; undefined for an ID of no kind. */
function bare(id: string): MapThing | undefined {
  const kind = THING_KINDS.find((one) => id.startsWith(`${one}/`));
  return kind && { id, kind, uses: [] };
}

/** The fields that say something. */
const given = <T extends Readonly<Record<string, string>>>(
  fields: T,
): { readonly [Key in keyof T]?: string } =>
  Object.fromEntries(Object.entries(fields).filter(([, text]) => text !== "")) as Partial<T>;

/** An address of the web, without a user and password that it may have; else nothing. */
function webUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return "";
  if (url.username === "" && url.password === "") return text;
  [url.username, url.password] = ["", ""];
  return url.href;
}

function sinceOf(id: string, changed: StackState["changed"]): Pick<MapThing, "since"> {
  const since = changed.get(plainId(id));
  return since === undefined ? {} : { since };
}

function byKindAndName(a: MapThing, b: MapThing): number {
  const order = THING_KINDS.indexOf(a.kind) - THING_KINDS.indexOf(b.kind);
  return order === 0 ? (a.id < b.id ? -1 : 1) : order;
}
