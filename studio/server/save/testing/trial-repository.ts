import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Json } from "../../../api/json.ts";
import type { Draft, EditableFile, Preview, Proposed } from "../../../api/save.ts";
import { type TrialOptions, type TrialStudio, trialStudio } from "../../testing/trial-studio.ts";

export const PROFILES = "clusters/campus/profiles.yaml";

/** A project with one cluster. Its delegate is Ada. */
export const FILES: Readonly<Record<string, string>> = {
  "Pulumi.yaml": "name: ours\n",
  "Pulumi.staging.yaml": "config: {}\n",
  "Pulumi.prod.yaml": "config: {}\n",
  "index.ts": "",
  "package.json": '{"name": "ours"}',
  "catalog/charts/hub/Chart.yaml": "apiVersion: v2\nname: hub\nversion: 1.0.0\n",
  "catalog/clusters/campus/cluster.yaml": `hubs:
  - {name: staging, chart: hub}
  - {name: prod, chart: hub, domain: hub.example.org}
delegates:
  - who: ["@ada"]
    limits: {memory: 16G}
`,
  [`catalog/${PROFILES}`]: `# What users choose from.

# For lectures.
- display_name: Standard
  kubespawner_override:
    mem_limit: 4G # enough
- display_name: Large
  kubespawner_override:
    mem_limit: 8G
`,
};

/** A repository that a studio serves, with a bare origin. */
export class TrialRepository {
  readonly studio: TrialStudio;
  readonly origin: string;
  constructor(studio: TrialStudio) {
    this.studio = studio;
    this.origin = join(dirname(studio.root), "origin.git");
  }

  static async start(options: TrialOptions & { readonly hasOrigin?: false } = {}): Promise<TrialRepository> {
    const trial = new TrialRepository(await trialStudio(FILES, options));
    trial.git("init", "--quiet", "--initial-branch", "main");
    trial.commit("Begin");
    if (options.hasOrigin === false) return trial;
    trial.git("clone", "--quiet", "--bare", trial.studio.root, trial.origin);
    trial.git("remote", "add", "origin", trial.origin);
    trial.git("fetch", "--quiet", "origin");
    return trial;
  }

  git = (...args: string[]) => gitIn(this.studio.root, args);
  inOrigin = (...args: string[]) => gitIn(this.origin, args);

  write(path: string, text: string): void {
    const file = join(this.studio.root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  read = (path: string) => readFileSync(join(this.studio.root, path), "utf8");

  commit(message: string): string {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message", message);
    return this.git("rev-parse", "HEAD");
  }

  /** What somebody else merges, of which the studio's clone knows nothing yet. */
  mergedByOthers(path: string, text: string): string {
    const folder = join(dirname(this.studio.root), "others");
    this.git("clone", "--quiet", this.origin, folder);
    writeFileSync(join(folder, path), text);
    gitIn(folder, ["commit", "--quiet", "--all", "--message", "Theirs"]);
    gitIn(folder, ["push", "--quiet", "origin", "HEAD:main"]);
    return gitIn(folder, ["rev-parse", "HEAD"]);
  }

  /** Has origin refuse what is pushed. */
  refusePushes(message: string): void {
    const hook = join(this.origin, "hooks/pre-receive");
    writeFileSync(hook, `#!/bin/sh\necho "${message}" >&2\nexit 1\n`);
    chmodSync(hook, 0o755);
  }

  async file(path = PROFILES): Promise<EditableFile> {
    return (await this.studio.asAda(`/api/save/file?path=${encodeURIComponent(path)}`)).json();
  }

  /** A draft of the profiles. */
  async draft(change: (profiles: Profile[]) => Json, id = "0a1b2c3d"): Promise<Draft> {
    const { path, base, value } = await this.file();
    return { id, edits: [{ path, base, value: change(structuredClone(value) as never) }], choices: {} };
  }

  preview = async (draft: object, query = "?fetch=1"): Promise<Preview & Refusal> =>
    (await this.#post(`/api/save/preview${query}`, draft)).json();
  propose = async (draft: object): Promise<Proposed & Refusal> =>
    (await this.#post("/api/save/propose", draft)).json();

  #post = (url: string, body: object) => this.studio.asAda(url, { method: "POST", payload: body });
}

interface Refusal {
  readonly problems: { readonly code: string; readonly message: string; readonly remedy: string }[];
}
type Profile = {
  display_name: string;
  kubespawner_override: { mem_limit: string; [key: string]: Json };
};

/** With somebody's settings, whatever the machine's are. */
function gitIn(folder: string, args: readonly string[]): string {
  const settings = ["user.name=Grace", "user.email=grace@example.org", "core.hooksPath=/dev/null"];
  return execFileSync("git", [...settings.flatMap((one) => ["-c", one]), ...args], {
    cwd: folder,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();
}

/** A change of the memory of one profile. */
export const memory = (index: number, mem_limit: string) => (profiles: Profile[]) =>
  profiles.map((one, at) => (at === index ? { ...one, kubespawner_override: { mem_limit } } : one));
