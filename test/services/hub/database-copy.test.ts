import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { backupFile, backupJob } from "../../../components/hub/database/backup-job.ts";
import { runningHub } from "../../../components/hub/database/testing/running-hub.ts";
import { program, requireService } from "../require.ts";

const FILE = backupFile(new Date("2026-02-03T04:05:06.789Z"));
const job = backupJob({ name: "lectern-backup-1", hub: runningHub("staging"), file: FILE, limit: 600 });
const COMMAND = job?.spec?.template.spec?.containers[0]?.command ?? [];

requireService(
  "Python (python3)",
  () => program("python3", []),
  (python3) => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), "lectern-backup-"));
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    /** Runs the Job's command on a folder of this machine. */
    const run = (file = FILE) => {
      const args = COMMAND.slice(1).map((part) => (part === "/srv/jupyterhub" ? folder : part));
      return promisify(execFile)(
        python3,
        args.map((arg) => (arg === FILE ? file : arg)),
      );
    };
    const python = (script: string, ...args: string[]) =>
      execFileSync(python3, ["-c", script, ...args], { encoding: "utf8" }).trim();
    const WRITE =
      "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.execute('PRAGMA journal_mode=WAL');" +
      "db.execute('CREATE TABLE users (name)'); db.execute('INSERT INTO users VALUES (?)', ['ada']); db.commit()";
    const READ =
      "import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('SELECT name FROM users').fetchall())";

    it("the copy of a database is whole, has its name only then, and the last five stay", async () => {
      python(WRITE, join(folder, "jupyterhub.sqlite"));
      for (let day = 1; day <= 7; day++) await run(backupFile(new Date(Date.UTC(2026, 0, day))));
      const backups = readdirSync(folder).filter((name) => name.includes("lectern"));
      expect(backups.sort()).toEqual(
        [3, 4, 5, 6, 7].map((day) => `jupyterhub.sqlite.lectern-2026010${day}T000000Z`),
      );
      expect(python(READ, join(folder, backups.at(-1) ?? ""))).toBe("[('ada',)]");
    });

    it("a copy fails where the database is missing or damaged, and leaves no backup", async () => {
      await expect(run()).rejects.toThrow("does not exist: the hub keeps its database elsewhere");
      writeFileSync(join(folder, "jupyterhub.sqlite"), "");
      await expect(run()).rejects.toThrow("is damaged: ok, 0 tables");
      writeFileSync(join(folder, "jupyterhub.sqlite"), "not a database, whatever its name says".repeat(100));
      await expect(run()).rejects.toThrow("file is not a database");
      expect(existsSync(join(folder, FILE))).toBe(false);
    });
  },
);
