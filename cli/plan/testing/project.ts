import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

const IDENTITY = ["user.name=A Lecturer", "user.email=lecturer@example.org", "init.defaultBranch=main"];

/** An institution's repository in a temporary folder, with commits. */
export class ProjectRepository {
  readonly root = mkdtempSync(join(tmpdir(), "lectern-planned-"));

  git(...args: string[]): string {
    const config = IDENTITY.flatMap((one) => ["-c", one]);
    return execFileSync("git", [...config, ...args], {
      cwd: this.root,
      encoding: "utf8",
      stdio: "pipe",
    }).trim();
  }

  /** Writes files; null removes one. */
  write(files: Readonly<Record<string, string | null>>): this {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.root, name);
      if (content === null) rmSync(path);
      else {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, content);
      }
    }
    return this;
  }

  /** @returns the commit's ID */
  commit(files: Readonly<Record<string, string | null>> = {}): string {
    this.write(files);
    this.git("add", "--all");
    this.git("commit", "--quiet", "--allow-empty", "--message", "Change");
    return this.git("rev-parse", "HEAD");
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** One cluster with support, a staging and a production hub; one course on one kernel; both stacks. */
export const PROJECT: Readonly<Record<string, string>> = {
  "Pulumi.yaml": "name: ours\n",
  "Pulumi.staging.yaml": "config: {}\n",
  "Pulumi.prod.yaml": "config: {}\n",
  "index.ts": "",
  "package.json": '{"name": "ours"}',
  "README.md": "",
  "catalog/courses/bell/course.json": '{"content": [{"kernelId": "Quantum"}]}',
  "catalog/kernels/quantum/kernel.yaml": "display_name: Quantum\n",
  "catalog/charts/hub/Chart.yaml": "apiVersion: v2\nname: hub\nversion: 1.0.0\n",
  "catalog/charts/support/Chart.yaml": "apiVersion: v2\nname: support\nversion: 1.0.0\n",
  "catalog/clusters/campus/cluster.yaml": [
    "support: {chart: support}",
    "values: [common.yaml]",
    "hubs:",
    "  - {name: staging, chart: hub, values: [staging.yaml]}",
    "  - {name: prod, chart: hub, values: [prod.yaml]}",
    "",
  ].join("\n"),
  "catalog/clusters/campus/common.yaml": "",
  "catalog/clusters/campus/staging.yaml": "",
  "catalog/clusters/campus/prod.yaml": "",
};
