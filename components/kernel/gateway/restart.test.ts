import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { noteDeleted } from "../../resource/deleted.ts";
import { processHost } from "../../resource/host.ts";
import { declareKernel, declareNamed, isNeeded } from "../kernel-uses.ts";
import { restartPlan } from "./restart-command.ts";
import { newRegistrations } from "./restart-diff.ts";
import { restartProvider } from "./restart-provider.ts";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

describe("newRegistrations", () => {
  const ids = fc.array(fc.string({ minLength: 1 }));

  it("is empty exactly where every registration was applied, whatever went away", () => {
    fc.assert(
      fc.property(ids, ids, (applied, news) => {
        const isNew = newRegistrations(applied, news).length > 0;
        expect(isNew).toBe(news.some((id) => !applied.includes(id)));
        expect(newRegistrations(news, news)).toEqual([]);
        expect(newRegistrations([...applied, ...news], news)).toEqual([]);
      }),
    );
  });

  it("counts a kernel that is only created by this deployment", () => {
    expect(newRegistrations(["kernel/a/1"], ["kernel/a/1", UNKNOWN])).toHaveLength(1);
    expect(newRegistrations(["kernel/a/1"], UNKNOWN)).toHaveLength(1);
  });
});

describe("restartPlan", () => {
  it.each([
    [{ mode: "none" }, []],
    [{ mode: "systemd", unit: "eg.service", sudo: false }, ["systemctl restart -- eg.service"]],
    [{ mode: "systemd", unit: "eg.service", sudo: true }, ["sudo -n systemctl restart -- eg.service"]],
    [{ mode: "container", name: "eg", command: ["docker"] }, ["docker restart eg"]],
    [
      { mode: "swarm", service: "eg", command: ["docker"] },
      ["docker service update --force --detach=false eg"],
    ],
    [
      { mode: "kubernetes", namespace: "hub", deployment: "eg", command: ["kubectl"] },
      [
        "kubectl rollout restart --namespace=hub deployment/eg",
        "kubectl rollout status --namespace=hub deployment/eg",
      ],
    ],
    [{ mode: "command", command: ["/opt/restart", "now"] }, ["/opt/restart now"]],
  ] as const)("of %j", (mode, commands) => {
    const plan = restartPlan(mode as Parameters<typeof restartPlan>[0]);
    expect(plan.commands.map((command) => command.join(" "))).toEqual(commands);
  });
});

describe("restartProvider", () => {
  const host = { ...processHost(() => undefined), progress: () => {} };

  it("tells everything that is wrong at once, and minds no value that isn't known yet", async () => {
    const inputs = {
      gateway: "",
      url: "ftp://x",
      hosts: [],
      registrations: UNKNOWN,
      restart: { mode: "magic" },
    };
    const failures = (await restartProvider.check?.({}, inputs, host))?.failures ?? [];
    expect(failures.map(({ property }) => property)).toEqual(["gateway", "url", "hosts", "restart.mode"]);
  });

  it("without an address and in mode none only notes what is registered", async () => {
    const inputs = { gateway: "lab", hosts: [{ kind: "local" }], restart: { mode: "none" } };
    const { outs } = await restartProvider.create({ ...inputs, registrations: ["kernel/a/1"] }, host);
    expect(outs).toEqual({ applied: ["kernel/a/1"], healthy: true, restarts: 0 });
  });
});

describe("isNeeded", () => {
  it("goes by the last state where no program ran", () => {
    expect(isNeeded("destroy", "Quantum", ["bell"])).toBe(true);
    expect(isNeeded("destroy", "Quantum", [])).toBe(false);
  });

  it("lets a kernel go after the last article that named it, as a destroy takes them", () => {
    noteDeleted("destroy-all", "course/bell");
    expect(isNeeded("destroy-all", "Quantum", ["course/bell", "blog/news"])).toBe(true);
    noteDeleted("destroy-all", "blog/news");
    expect(isNeeded("destroy-all", "Quantum", ["course/bell", "blog/news"])).toBe(false);
  });

  it("goes by what the courses name where a program ran", () => {
    declareNamed("up", ["Quantum"]);
    expect(isNeeded("up", "Quantum", [])).toBe(true);
    expect(isNeeded("up", "Classical", ["was-used"])).toBe(false);
  });

  it("lets a kernel go whose display name another one took over", () => {
    declareNamed("rename", ["Quantum"]);
    declareKernel("rename", "Quantum");
    expect(isNeeded("rename", "Quantum", ["bell"])).toBe(false);
  });
});
