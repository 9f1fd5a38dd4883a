import { existsSync } from "node:fs";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { type ClusterFiles, readClusterFiles } from "../../../components/cluster/cluster-files.ts";
import type { ImageMenus } from "../../../components/hub/profiles/images/profile-images.ts";
import { formRequestSchema, formSchema, type StudentsForm } from "../../api/form.ts";
import type { StudioPluginOptions } from "../context.ts";
import { noCluster, withDraft } from "../draft/draft-tree.ts";
import { FRAMES, type Frame, type FrameKind, type Frames } from "./frame/frames.ts";
import { hubOfForm } from "./hub-of-form.ts";
import { renderTemplate } from "./kubespawner/render-template.ts";
import { type OrderedMap, plain } from "./list/helm-order.ts";
import { shownPart } from "./list/shown-part.ts";
import { studentsList } from "./list/students-list.ts";
import { IndexRefused } from "./wheels/python-index.ts";
import { FANCY_PROFILES, KUBESPAWNER } from "./wheels/wheels.ts";

/** What forms are made of. */
export interface FormOptions extends StudioPluginOptions {
  readonly frames: Frames;
  /** What the entries of images.yaml select, as far as it is known. */
  readonly menus: (images: ClusterFiles["images"]) => Promise<ImageMenus>;
}

/** The form that users of a hub see, and the documents that show it. */
export async function formRoutes(
  app: FastifyInstance,
  { studio, frames, menus }: FormOptions,
): Promise<void> {
  app.post("/form", { config: { readsOnly: true } }, async ({ body }) => {
    const { cluster: name, hub, edits, around = 0 } = formRequestSchema.parse(body);
    return withDraft(studio, edits, async ({ catalog }) => {
      const folder = join(catalog, "clusters", name);
      if (!/^[\w-][\w.-]*$/.test(name) || !existsSync(folder)) throw noCluster(name);
      const cluster = await readClusterFiles(folder);
      const { form, ...rest } = await hubOfForm(cluster, hub);
      const known = await menus(cluster.images);
      const { shown: list, part } = shownPart(studentsList(cluster, rest, known), around);
      const shown = await shownIn(frames, form.kind, list);
      return formSchema.parse({
        ...shown,
        ...(part === undefined ? {} : { part }),
        wanted: form.kind,
        ...(form.path === undefined ? {} : { decidedBy: form.path }),
        list: list.map(plain),
        unseen: Object.keys(cluster.images).filter((key) => !Object.hasOwn(known, key)),
      });
    });
  });

  app.get<{ Params: { kind: string } }>("/form/:kind", async ({ params, headers }, reply) => {
    const kind = FRAMES.find((one) => one === params.kind);
    if (kind === undefined) return reply.callNotFound();
    const { document } = await frames.frame(kind);
    // A document without an origin can't have processes of one.
    reply.removeHeader("origin-agent-cluster");
    reply
      .header("content-security-policy", document.policy)
      .header("x-frame-options", "SAMEORIGIN")
      // What it is made of is large, and changes with the studio alone.
      .header("cache-control", "private, no-cache")
      .header("etag", document.etag)
      .type("text/html; charset=utf-8");
    if (headers["if-none-match"] === document.etag) return reply.code(304).send();
    return reply.send(document.html);
  });
}

type Shown = Pick<StudentsForm, "frame" | "html" | "notice">;

/** The hub's own form where it can be had, else the studio's, and why. */
async function shownIn(
  frames: Frames,
  wanted: StudentsForm["wanted"],
  list: readonly OrderedMap[],
): Promise<Shown> {
  if (wanted === "custom") return { frame: "own", notice: CUSTOM };
  try {
    return withHtml(wanted, await frames.frame(wanted), list);
  } catch (error) {
    if (!(error instanceof IndexRefused)) throw error;
    const { project, version } = wanted === "fancy" ? FANCY_PROFILES : KUBESPAWNER;
    return {
      frame: "own",
      notice: `The real form needs ${project} ${version} from the Python index, which can't be had: ${error.message}.`,
    };
  }
}

const withHtml = (frame: FrameKind, { template }: Frame, list: readonly OrderedMap[]): Shown =>
  template === undefined ? { frame } : { frame, html: renderTemplate(template, list) };

const CUSTOM = "The hub has a template of its own, which only the hub can show.";
