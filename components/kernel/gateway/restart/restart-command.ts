import type { RestartMode } from "./restart-config.ts";

export type Command = readonly [string, ...string[]];

/** How one gateway restarts. */
export interface RestartPlan {
  /** Whether each host runs the command, or the first alone, for all. */
  readonly everyHost: boolean;
  readonly command: Command;
  /** Waits until the restart has come to its end, where the command does not. */
  readonly settled?: Command;
}

/** The command that restarts a gateway; undefined for the mode `none`. */
export function restartPlan(mode: RestartMode): RestartPlan | undefined {
  switch (mode.mode) {
    case "none":
      return undefined;
    case "systemd": {
      const systemctl = mode.sudo ? ["sudo", "-n", "systemctl"] : ["systemctl"];
      return { everyHost: true, command: command(systemctl, "restart", "--", mode.unit) };
    }
    case "container":
      return { everyHost: true, command: command(mode.command, "restart", mode.name) };
    case "swarm":
      return {
        everyHost: false,
        command: command(mode.command, "service", "update", "--force", "--detach=false", mode.service),
      };
    case "kubernetes": {
      const target = [`--namespace=${mode.namespace}`, `deployment/${mode.deployment}`];
      return {
        everyHost: false,
        command: command(mode.command, "rollout", "restart", ...target),
        settled: command(mode.command, "rollout", "status", ...target),
      };
    }
    case "command":
      return { everyHost: true, command: command(mode.command) };
  }
}

function command(prefix: readonly string[], ...rest: string[]): Command {
  const [program = "", ...args] = [...prefix, ...rest];
  return [program, ...args];
}
