import { execFile } from "node:child_process";
import { cpSync, symlinkSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { PROJECT_ROOT } from "../../sandbox/engine/fixtures/scenario.ts";

const execute = promisify(execFile);
const REPOSITORY = join(import.meta.dirname, "..", "..");

/** How a call of the real CLI ended. */
export interface Ended {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real Pulumi on the fixture's program: a file backend and a home of its own, nothing shared. */
export class Pulumi {
  readonly #project: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #program: string;

  private constructor(program: string, folder: string, passphrase: string) {
    this.#program = program;
    this.#project = join(folder, "project");
    this.#environment = {
      ...process.env,
      PATH: [join(REPOSITORY, "node_modules", ".bin"), process.env["PATH"]].join(delimiter),
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: passphrase,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_AUTOMATION_API: "true",
    };
  }

  /** A copy of the fixture's project with an empty stack `dev`. */
  static async start(program: string, folder: string, passphrase = "a passphrase"): Promise<Pulumi> {
    const pulumi = new Pulumi(program, folder, passphrase);
    for (const name of ["project", "home", "backend"]) await mkdir(join(folder, name), { recursive: true });
    for (const name of ["Pulumi.yaml", "package.json"]) {
      cpSync(join(PROJECT_ROOT, name), join(pulumi.#project, name));
    }
    for (const name of ["index.ts", "components"]) {
      symlinkSync(join(PROJECT_ROOT, name), join(pulumi.#project, name));
    }
    symlinkSync(join(REPOSITORY, "node_modules"), join(pulumi.#project, "node_modules"));
    const made = await pulumi.call("stack", "init", "dev");
    if (!made.ok) throw new Error(made.stderr);
    return pulumi;
  }

  /** Sets the stack's configuration, all of it plain. */
  async configure(config: Readonly<Record<string, string>>): Promise<void> {
    for (const [key, value] of Object.entries(config)) {
      const set = await this.call("config", "set", "--plaintext", "--stack", "dev", key, value);
      if (!set.ok) throw new Error(set.stderr);
    }
  }

  async call(...args: string[]): Promise<Ended> {
    try {
      const { stdout, stderr } = await execute(this.#program, [...args, "--non-interactive"], {
        cwd: this.#project,
        env: this.#environment,
        maxBuffer: 2 ** 26,
      });
      return { ok: true, stdout, stderr };
    } catch (error) {
      const { stdout = "", stderr = String(error) } = error as Partial<Ended>;
      return { ok: false, stdout, stderr };
    }
  }
}
