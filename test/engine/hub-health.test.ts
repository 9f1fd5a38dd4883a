import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { requireService } from "../services/require.ts";
import { findPulumi } from "./programs.ts";
import { type Operated, Pulumi } from "./pulumi.ts";

const MINUTES = 60_000;
const TOKEN = "token-of-the-hub-in-this-test";

let folder: string;
let server: Server;
let url: string;
/** What the hub's health endpoint answers. */
let health: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "lectern-health-"));
  health = 200;
  // A hub, and the API of a cluster that refuses to list its pods.
  server = createServer((request, response) => {
    response.statusCode = request.url === "/hub/health" ? health : 403;
    response.setHeader("content-type", "application/json").end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  url = `http://127.0.0.1:${address.port}`;
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

function kubeconfig(): string {
  const file = join(folder, "kubeconfig");
  const contexts = [{ name: "test", context: { cluster: "test", user: "test" } }];
  const clusters = [{ name: "test", cluster: { server: url, "insecure-skip-tls-verify": true } }];
  const users = [{ name: "test", user: {} }];
  writeFileSync(file, JSON.stringify({ clusters, users, contexts, "current-context": "test" }));
  return file;
}

/** The deployment of a version, with a secret among its values. */
const deployment = (version: string) =>
  JSON.stringify({ chart: "hub", version, values: { password: `hunter2-${version}` } });

const opsOf = ({ steps }: Operated, type: string) =>
  steps.filter((step) => step.type.endsWith(type)).map(({ op, failed }) => (failed ? `${op} failed` : op));

requireService("the real Pulumi", findPulumi, (cli) => {
  it("a hub that is not healthy fails alone, is checked again, and keeps its last healthy deployment as a secret", {
    timeout: 10 * MINUTES,
  }, async () => {
    const root = join(import.meta.dirname, "fixtures/hub-health");
    const pulumi = new Pulumi({ cli, folder: join(folder, "pulumi"), root });
    const ran = join(folder, "ran");
    await pulumi.init("dev");
    const up = async (version: string) => {
      const config = {
        "fixture:change": version,
        "fixture:url": url,
        "fixture:kubeconfig": kubeconfig(),
        "fixture:verify": `test "$LECTERN_HUB_URL" = ${url} && test "$LECTERN_HUB_TOKEN" = ${TOKEN.replace("hub", '"hub"')} && echo ${version} >> ${ran}`,
        "fixture:deployment": deployment(version),
        "fixture:token": TOKEN,
      };
      await pulumi.configure("dev", config, ["fixture:deployment", "fixture:token"]);
      return pulumi.run("up", "dev");
    };
    const kept = async () => {
      const shown = await pulumi.call("stack", "export", "--show-secrets", "--stack", "dev");
      const { resources = [] } = JSON.parse(shown.stdout).deployment;
      const found = resources.find(({ type }: { type: string }) => type.endsWith(":HubHealth"));
      return { healthy: found?.outputs.healthy, last: JSON.stringify(found?.outputs.lastHealthy) };
    };

    const first = await up("1.0.0");
    expect(opsOf(first, ":HubHealth"), first.stdout).toEqual(["create"]);
    expect(readFileSync(ran, "utf8")).toBe("1.0.0\n");

    health = 503;
    const failed = await up("2.0.0");
    expect(failed.ok).toBe(false);
    expect(failed.stdout).toContain(
      "the hub campus/staging is not healthy: the hub's health endpoint answered 503",
    );
    expect(await kept()).toMatchObject({ healthy: false, last: expect.stringContaining("hunter2-1.0.0") });
    expect(readFileSync(ran, "utf8")).toBe("1.0.0\n");
    const state = JSON.stringify(await pulumi.resources("dev"));
    expect(state).not.toContain("hunter2");
    expect(state).not.toContain(TOKEN);
    expect(first.stdout + failed.stdout).not.toMatch(/hunter2|token-of-the-hub/);

    health = 200;
    const again = await up("2.0.0");
    expect(opsOf(again, ":HubHealth"), again.stdout).toEqual(["update"]);
    expect(await kept()).toMatchObject({ healthy: true, last: expect.stringContaining("hunter2-2.0.0") });
    expect(readFileSync(ran, "utf8")).toBe("1.0.0\n2.0.0\n");
    expect(opsOf(await up("2.0.0"), ":HubHealth")).toEqual(["same"]);
  });
});
