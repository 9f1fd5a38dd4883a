import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { LecternError } from "../../../problem/problem.ts";
import { type RenderOptions, renderRelease } from "./render-release.ts";

/** Stands in for helm: it notes how it is called, and does what the test has put into `act`. */
const STAND_IN = `#!/bin/sh
here=$(dirname "$0")
{ printf '%s\\n' "$@"; echo; } >>"$here/args"
cat >"$here/input"
env >"$here/env"
[ -z "$KUBECONFIG" ] || { cp "$KUBECONFIG" "$here/kubeconfig"; stat -c %a "$KUBECONFIG" >"$here/mode"; echo "$KUBECONFIG" >"$here/path"; }
. "$here/act"
`;
const MANIFEST = "---\n# Source: hub/a.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: hub\n";
const HOOK =
  "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: pull\n  annotations: {helm.sh/hook: pre-upgrade}\n";
const RELEASE = {
  manifest: MANIFEST,
  hooks: [{ manifest: HOOK }],
  chart: { metadata: { appVersion: "5.5.0" } },
};

describe("rendering a release", () => {
  let folder: string;
  let base: RenderOptions;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "lectern-test-"));
    const helm = join(folder, "helm");
    await writeFile(helm, STAND_IN);
    await chmod(helm, 0o755);
    base = {
      chart: { folder: "charts/hub" },
      release: "hub",
      namespace: "staging",
      values: { password: "canary" },
      secrets: ["canary"],
      kubeconfig: "the text",
      helm,
    };
  });
  beforeEach(() => rm(join(folder, "args"), { force: true }));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const acts = (script: string) => writeFile(join(folder, "act"), script);
  const noted = (name: string) => readFile(join(folder, name), "utf8");
  const prints = (text: string) => acts(`cat <<'END'\n${text}\nEND\n`);

  it("asks for a dry run on the server's side, with the values on standard input", async () => {
    await prints(JSON.stringify(RELEASE));
    const { objects, hooks, appVersion } = await renderRelease(base);
    expect(objects.map(({ kind }) => kind)).toEqual(["ConfigMap"]);
    expect(hooks.map(({ kind }) => kind)).toEqual(["Job"]);
    expect(appVersion).toBe("5.5.0");
    expect((await noted("args")).split("\n")).toEqual(
      expect.arrayContaining([
        "upgrade",
        "hub",
        "charts/hub",
        "--install",
        "--dry-run=server",
        "--values",
        "-",
      ]),
    );
    expect(await noted("args")).not.toContain("canary");
    expect(JSON.parse(await noted("input"))).toEqual({ password: "canary" });
  });

  it("gives helm the kubeconfig in a file of its own that is gone afterwards", async () => {
    await prints(JSON.stringify(RELEASE));
    await renderRelease(base);
    expect(await noted("kubeconfig")).toBe("the text");
    expect((await noted("mode")).trim()).toBe("600");
    const path = (await noted("path")).trim();
    await expect(readdir(join(path, ".."))).rejects.toThrow("ENOENT");
    await acts("echo 'Error: no' >&2; exit 1");
    await renderRelease(base).catch(() => {});
    await expect(readdir(join((await noted("path")).trim(), ".."))).rejects.toThrow("ENOENT");
  });

  it("gives helm no secret of this process", async () => {
    await prints(JSON.stringify(RELEASE));
    process.env["PULUMI_CONFIG"] = "canary";
    await renderRelease(base).finally(() => Reflect.deleteProperty(process.env, "PULUMI_CONFIG"));
    expect(await noted("env")).not.toMatch(/canary|PULUMI_/);
  });

  it("renders an interrupted release as its upgrade will be once it is healed", async () => {
    await acts(
      `[ "$1" = template ] || { echo 'Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress' >&2; exit 1; }\ncat <<'END'\n${MANIFEST}---\n${HOOK}END\n`,
    );
    const { objects, hooks } = await renderRelease(base);
    expect([objects.length, hooks.length]).toEqual([1, 1]);
    expect((await noted("args")).split("\n")).toEqual(expect.arrayContaining(["template", "--is-upgrade"]));
  });

  it("renders without a cluster where there is no kubeconfig", async () => {
    await prints(MANIFEST);
    const { kubeconfig: _, ...offline } = base;
    expect((await renderRelease(offline)).objects).toHaveLength(1);
    expect(await noted("args")).toContain("--dry-run=client");
  });

  it("names a remote chart by its repository or registry and exact version", async () => {
    await prints(JSON.stringify(RELEASE));
    await renderRelease({
      ...base,
      chart: { repository: "https://charts.example.org", name: "jupyterhub", version: "4.4.0" },
    });
    await renderRelease({ ...base, chart: { oci: "oci://registry.example/jupyterhub", version: "4.4.0" } });
    expect(await noted("args")).toMatch(
      /jupyterhub\n--repo\nhttps:\/\/charts.example.org\n--version\n4.4.0\n/,
    );
    expect(await noted("args")).toMatch(/oci:\/\/registry.example\/jupyterhub\n--version\n4.4.0\n/);
  });

  const codeOf = (options: RenderOptions) =>
    renderRelease(options).then(
      () => "rendered",
      (error: unknown) => (error instanceof LecternError ? error.problems[0]?.code : error),
    );

  it("fails with one problem", async () => {
    await acts("echo 'Error: execution error: canary' >&2; exit 1");
    expect(await codeOf(base)).toBe("chart-not-rendered");
    await expect(renderRelease(base)).rejects.toThrow(
      "helm can't render the chart hub (execution error: [secret])",
    );
    await prints("no JSON");
    expect(await codeOf(base)).toBe("chart-not-rendered");
    expect(await codeOf({ ...base, helm: join(folder, "missing") })).toBe("helm-missing");
  });

  it("ends a helm that does not answer", async () => {
    await acts("exec sleep 60");
    expect(await codeOf({ ...base, timeout: 300 })).toBe("cluster-unreachable");
    const signal = AbortSignal.timeout(300);
    await expect(renderRelease({ ...base, signal })).rejects.toMatchObject({ name: "TimeoutError" });
  });
});
