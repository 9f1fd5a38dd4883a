import type { FormTemplate } from "../kubespawner/render-template.ts";
import { renderTemplate } from "../kubespawner/render-template.ts";
import type { WheelCache } from "../wheels/wheel-cache.ts";
import { FANCY_PROFILES, JUPYTERHUB, KUBESPAWNER } from "../wheels/wheels.ts";
import { type FrameDocument, frameDocument } from "./frame-document.ts";
import { LISTENER } from "./listener.ts";
import { ownFrame } from "./own-frame.ts";

/** The frames that can be shown: two that are real, and one of the studio's own for where those can't be had. */
export const FRAMES = ["fancy", "kubespawner", "own"] as const;
export type FrameKind = (typeof FRAMES)[number];

/** A frame that can be shown, and what it needs of the list. */
export interface Frame {
  readonly document: FrameDocument;
  /** KubeSpawner's template, for the frame that shows what it renders. */
  readonly template?: FormTemplate;
}

/** Makes the documents of frames, each once. */
export class Frames {
  readonly #wheels: WheelCache;
  readonly #made = new Map<FrameKind, Promise<Frame>>();

  constructor(wheels: WheelCache) {
    this.#wheels = wheels;
  }

  /** @throws {IndexRefused} where what a real form is made of can't be had */
  frame(kind: FrameKind): Promise<Frame> {
    const made = this.#made.get(kind) ?? this.#make(kind);
    this.#made.set(kind, made);
    made.catch(() => this.#made.delete(kind));
    return made;
  }

  async #make(kind: FrameKind): Promise<Frame> {
    if (kind === "own") return { document: ownFrame() };
    const hub = await this.#wheels.files(JUPYTERHUB, [JUPYTERHUB.style, JUPYTERHUB.jquery]);
    const style = hub.get(JUPYTERHUB.style) ?? "";
    const jquery = hub.get(JUPYTERHUB.jquery) ?? "";
    return kind === "fancy" ? this.#fancy(style) : this.#kubespawner(style, jquery);
  }

  async #fancy(style: string): Promise<Frame> {
    const files = await this.#wheels.files(FANCY_PROFILES, [FANCY_PROFILES.script, FANCY_PROFILES.form]);
    const template = files.get(FANCY_PROFILES.form) ?? "";
    const document = frameDocument({
      title: "Server options",
      style,
      scripts: [LISTENER],
      later: { bundle: files.get(FANCY_PROFILES.script) ?? "" },
      // What the template has beside the list and the bundle: the element that the bundle fills.
      body: spawnPage(template.slice(template.indexOf('<div id="form">'))),
    });
    return { document };
  }

  async #kubespawner(style: string, jquery: string): Promise<Frame> {
    const files = await this.#wheels.files(KUBESPAWNER, [KUBESPAWNER.form, KUBESPAWNER.style]);
    const template = { form: files.get(KUBESPAWNER.form) ?? "", style: files.get(KUBESPAWNER.style) ?? "" };
    const [, script = ""] = /<script>([\s\S]*?)<\/script>/.exec(renderTemplate(template, [])) ?? [];
    const document = frameDocument({
      title: "Server options",
      style,
      scripts: [jquery, LISTENER],
      later: { template: script },
      body: spawnPage('<div id="template"></div>'),
    });
    return { document, template };
  }
}

/** The form as JupyterHub's page has it. */
const spawnPage = (form: string) => `<div class="container">
<div class="row text-center"><h1>Server Options</h1></div>
<div class="row justify-content-center"><div class="col-md-8"><form id="spawn_form">
${form}
<br><div class="feedback-container"><button type="button" class="btn btn-jupyter form-control">Start</button></div>
</form></div></div></div>`;
