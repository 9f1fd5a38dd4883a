import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { KERNEL, makeRepository } from "./repository.ts";

const PROGRAM = join(import.meta.dirname, "../../cli/lectern.mjs");

it("`lectern studio` signs one browser in by the address that it prints, and ends on Ctrl-C", async () => {
  const repository = makeRepository();
  onTestFinished(() => repository.remove());
  repository.addCourse("dice", { kernelId: KERNEL });
  const args = [PROGRAM, "studio", "--catalog", repository.catalog];
  const studio = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void studio.kill("SIGKILL"));
  let printed = "";
  studio.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
  });
  const invitations = () => printed.match(/http:\/\/127\.0\.0\.1:\d+\/\?token=\S+/g) ?? [];
  await expect.poll(invitations).toHaveLength(1);
  const [invitation = ""] = invitations();
  const entered = await fetch(invitation, { redirect: "manual" });
  const [cookie = ""] = entered.headers.getSetCookie();
  const headers = { cookie: cookie.split(";")[0] ?? "" };
  const answer = async (path: string) => (await fetch(new URL(path, invitation), { headers })).text();
  expect(await answer("/")).toContain('<div id="root">');
  expect(await answer("/api/articles")).toContain('"slug":"dice"');
  expect((await fetch(invitation, { redirect: "manual" })).status).toBe(403);
  await expect.poll(invitations).toHaveLength(2);
  const ended = once(studio, "exit");
  studio.kill("SIGINT");
  expect(await ended).toEqual([0, null]);
});
