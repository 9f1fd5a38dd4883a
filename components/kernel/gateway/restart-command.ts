import type { RestartMode } from "../config.ts";

type Command = readonly [string, ...string[]];

/** How one gateway restarts. */
export interface RestartPlan {
  /** Whether each host runs the commands, or the first alone, for all. */
  readonly everyHost: boolean;
  /** In this order; each must end with 0. */
  readonly commands: readonly Command[];
}

/** The commands that restart a gateway and return once it was started. No command: mode `none`. */
export function restartPlan(mode: RestartMode): RestartPlan {
  switch (mode.mode) {
    case "none":
      return { everyHost: false, commands: [] };
    case "systemd": {
      const systemctl = mode.sudo ? ["sudo", "-n", "systemctl"] : ["systemctl"];
      return { everyHost: true, commands: [command(systemctl, "restart", "--", mode.unit)] };
    }
    case "container":
      return { everyHost: true, commands: [command(mode.command, "restart", mode.name)] };
    case "swarm":
      return {
        everyHost: false,
        commands: [command(mode.command, "service", "update", "--force", "--detach=false", mode.service)],
      };
    case "kubernetes": {
      const target = [`--namespace=${mode.namespace}`, `deployment/${mode.deployment}`];
      return {
        everyHost: false,
        commands: [
          command(mode.command, "rollout", "restart", ...target),
          command(mode.command, "rollout", "status", ...target),
        ],
      };
    }
    case "command":
      return { everyHost: true, commands: [command(mode.command)] };
  }
}

function command(prefix: readonly string[], ...rest: string[]): Command {
  const [program = "", ...args] = [...prefix, ...rest];
  return [program, ...args];
}
