import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callSandbox, type JsonReport, report, type SandboxCommand } from "./command.ts";
import { type ProxiedCall, startProxy } from "./proxy.ts";
import { KERNEL, notebook } from "./repository.ts";
import { API_KEY, openWorkplace, type Workplace } from "./workplace.ts";

let place: Workplace;
beforeEach(openWithCourse);
afterEach(() => place.close());

async function openWithCourse(): Promise<void> {
  place = await openWorkplace();
  place.repository.addCourse("bell");
  place.repository.commit();
}

/** Runs `up` through a proxy that kills the whole of it when the API has answered a call. */
async function upKilledAt(isDeadly: (call: ProxiedCall) => boolean): Promise<readonly ProxiedCall[]> {
  let running: SandboxCommand | undefined;
  const proxy = await startProxy(place.api.url, (call) => {
    if (!isDeadly(call)) return "pass";
    process.kill(-(running?.child.pid ?? 0), "SIGKILL");
    return "drop";
  });
  running = up(proxy.url);
  await running;
  await proxy.stop();
  return proxy.calls;
}

const up = (url: string, answers: Record<string, unknown> = {}) =>
  callSandbox(
    [
      "up",
      "--json",
      ...["--api", url, "--state", place.state, "--catalog", place.repository.catalog],
      ...["--config", `externalKernels=${JSON.stringify([KERNEL])}`],
      ...["--config", `articles=${JSON.stringify(answers)}`],
    ],
    { LECTERN_API_KEY: API_KEY },
  );

/** What a person does: runs it again and, where it asks, looks at qBook and answers. */
async function runAgain(): Promise<JsonReport> {
  const again = report(await up(place.api.url));
  if (again.ok) return again;
  expect(JSON.stringify(again), "it asks").toContain("confirmAbsent");
  const there = place.api.articles().find(({ title }) => title === "About bell");
  const answer = there ? { customId: there.customId } : { confirmAbsent: true };
  return report(await up(place.api.url, { "course/bell": answer }));
}

async function expectOneProcessedCourse(last: JsonReport): Promise<void> {
  expect(last.ok, JSON.stringify(last, null, 1)).toBe(true);
  expect(place.api.articles()).toMatchObject([{ title: "About bell", status: "processed" }]);
  place.writes();
  const calm = report(await up(place.api.url));
  expect(calm.ok, JSON.stringify(calm, null, 1)).toBe(true);
  expect(place.writes()).toEqual([]);
}

describe("a deployment that is killed", () => {
  it("while it creates, at any call, ends with the article there once", async () => {
    let killed = 0;
    // How often a run asks for the status depends on its pace, so the last one is the first to survive.
    while ((await upKilledAt(({ number }) => number === killed + 1)).length > killed) {
      killed += 1;
      await expectOneProcessedCourse(await runAgain());
      await place.close();
      await openWithCourse();
    }
    expect(killed).toBeGreaterThanOrEqual(3);
  });

  it("while it updates, when the update has arrived, ends with the new content there", async () => {
    await up(place.api.url);
    place.repository.write("courses/bell/1.ipynb", notebook("# Rewritten"));
    await upKilledAt(({ method }) => method === "PUT");
    await expectOneProcessedCourse(await runAgain());
  });
});
