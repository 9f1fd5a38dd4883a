import { expect, it } from "vitest";
import { restartPlan } from "./restart-command.ts";

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
] as const)("the plan of %j runs its commands in order", (mode, commands) => {
  const plan = restartPlan(mode as Parameters<typeof restartPlan>[0]);
  const run = plan ? [plan.command, ...(plan.settled ? [plan.settled] : [])] : [];
  expect(run.map((command) => command.join(" "))).toEqual(commands);
});
