import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { HUBPLOY, TWO_I2C } from "../../cli/import/testing/repositories.ts";

const REPOSITORY = resolve(import.meta.dirname, "../..");

/** What a page takes for granted beyond {@link FILES}. */
interface Beginning {
  /** Files beside the repository, by path from it. */
  readonly beside?: Readonly<Record<string, string>>;
  /** What the repository has elsewhere, unlike this one: from, to. */
  readonly moved?: Readonly<Record<string, string>>;
  /** What the repository does not have, unlike this one. */
  readonly without?: readonly string[];
  /** What the reader writes instead of the page's placeholders. */
  readonly names?: Readonly<Record<string, string>>;
}

const BEGINNINGS: Readonly<Record<string, Beginning>> = {
  "docs/guides/come-from-2i2c.md": {
    beside: below("infrastructure", TWO_I2C),
    without: ["catalog/clusters", "catalog/charts"],
    names: { "<cluster>": "north", "<hub>": "staging" },
  },
  "docs/guides/come-from-hubploy.md": {
    beside: below("our-hubs", HUBPLOY),
    without: ["catalog/clusters", "catalog/charts"],
    names: { "<cluster>": "main-2026", "<deployment>": "stats" },
  },
  "docs/guides/migrate-from-the-qbraid-action.md": {
    moved: {
      "catalog/courses/monte-carlo/course.json": "course.json",
      "catalog/courses/monte-carlo/notebooks": "notebooks",
      "catalog/courses/monte-carlo/images": "images",
    },
  },
};

function below(folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [`../${folder}/${path}`, text]));
}

/** A person who reads the documentation in a copy of the repository, with what the pages take for granted. */
export class Reader {
  readonly #folder = mkdtempSync(join(tmpdir(), "lectern-reader-"));
  readonly #root = join(this.#folder, "teaching");
  readonly #environment: NodeJS.ProcessEnv;
  #page = "";

  private constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment;
  }

  /** @param environment more of the reader's environment */
  static create(environment: NodeJS.ProcessEnv = {}): Reader {
    const reader = new Reader(environment);
    const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"], {
      cwd: REPOSITORY,
      encoding: "utf8",
    });
    for (const file of files.split("\0").filter((name) => name !== "")) {
      mkdirSync(dirname(join(reader.#root, file)), { recursive: true });
      cpSync(join(REPOSITORY, file), join(reader.#root, file));
    }
    symlinkSync(join(REPOSITORY, "node_modules"), join(reader.#root, "node_modules"));
    reader.#git("init", "--quiet", "--initial-branch=main");
    reader.#git("add", "--all");
    reader.#git("commit", "--quiet", "--message=begin");
    reader.#git("update-ref", "refs/remotes/origin/main", "HEAD");
    return reader;
  }

  /** Begins a page in the repository as it was, with the files that the pages speak of. */
  open(page: string): void {
    this.#page = page;
    this.#git("checkout", "--quiet", "--force", "main");
    this.#git("reset", "--quiet", "--hard", "origin/main");
    this.#git("clean", "--quiet", "-fd");
    const { beside, moved = {}, without = [] } = BEGINNINGS[page] ?? {};
    for (const [from, to] of Object.entries(moved)) this.#git("mv", from, to);
    for (const path of without) rmSync(join(this.#root, path), { recursive: true });
    for (const [path, content] of Object.entries({ ...FILES, ...beside })) this.#write(path, content);
    cpSync(join(this.#root, "catalog"), join(this.#root, "base/catalog"), { recursive: true });
    this.#git("add", "--all");
  }

  /** @returns what a line of the page's gave */
  async type(line: string): Promise<{ code: number | null; output: string }> {
    const name = /\bnew (course|blog|kernel|cluster) (\S+)/.exec(line);
    if (name)
      rmSync(join(this.#root, "catalog", `${name[1]}s`, name[2] ?? ""), { recursive: true, force: true });
    const command = Object.entries(BEGINNINGS[this.#page]?.names ?? {}).reduce(
      (text, [from, to]) => text.replaceAll(from, to),
      line,
    );
    const child: ChildProcess = spawn("bash", ["-ec", command], {
      // The examples of the reference with a dot are about the folder of the catalog.
      cwd: join(this.#root, command.endsWith("validate .") ? "catalog" : ""),
      env: {
        ...process.env,
        NO_COLOR: "1",
        INIT_CWD: undefined,
        npm_lifecycle_event: undefined,
        ...this.#environment,
        PATH: [join(this.#root, "node_modules/.bin"), this.#environment["PATH"] ?? process.env["PATH"]].join(
          delimiter,
        ),
        SHA: "0123456789abcdef0123456789abcdef01234567",
        GITHUB_OUTPUT: join(this.#folder, "outputs.txt"),
      },
      stdio: ["pipe", "pipe", "pipe"],
    });
    // What a command asks for, such as a secret; one that asks for nothing may have ended.
    child.stdin?.on("error", () => {}).end("a-secret\n");
    const [out, err, code] = await Promise.all([
      child.stdout ? textOf(child.stdout) : "",
      child.stderr ? textOf(child.stderr) : "",
      new Promise<number | null>((settle) => child.on("close", settle)),
    ]);
    return { code, output: `${out}${err}` };
  }

  /** Whether a command's exit code is its answer, such as what going live still lacks. */
  mayFail(line: string): boolean {
    return /lectern doctor/.test(line);
  }

  leave(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #write(path: string, content: string): void {
    mkdirSync(dirname(join(this.#root, path)), { recursive: true });
    writeFileSync(join(this.#root, path), content);
  }

  #git(...args: string[]): void {
    const person = ["-c", "user.name=test", "-c", "user.email=test@example.org"];
    execFileSync("git", [...person, ...args], { cwd: this.#root });
  }
}

/** What the pages speak of without making it. */
const FILES: Readonly<Record<string, string>> = {
  "policy.yaml": "recommended: r1_0_0\nreleases: 1\n",
  "tags.json": JSON.stringify({ r1_0_0: digest("a") }),
  "infrastructure.json": JSON.stringify([
    { slug: "large", display_name: "Large", node_selector: { size: "large" } },
  ]),
  "changed.txt": "catalog/courses/monte-carlo/course.json\n",
  "plan.json": JSON.stringify({
    ...{ version: 1, support: [], staging: [], prod: [], kernels: [], images: [], labels: [], untracked: [] },
    articles: [{ type: "course", slug: "monte-carlo", reasons: ["course.json changed"] }],
    stacks: {
      staging: [{ stack: "staging", parts: ["articles"] }],
      prod: [{ stack: "prod", parts: ["articles"] }],
    },
  }),
  ...Object.fromEntries(
    ["preview.json", "staging.json", "prod.json"].map((file) => [
      file,
      JSON.stringify({ steps: [], changeSummary: { same: 1 } }),
    ]),
  ),
  "results.json": results("staging"),
  "hub-secrets.json": "{}",
  "new-key": "a key\n",
  "staging-campus.json": results("staging-campus"),
};

function results(stack: string): string {
  return JSON.stringify({ stacks: [{ stack, result: "success" }] });
}

function digest(digit: string): string {
  return `sha256:${digit.repeat(64)}`;
}
