import type { remote } from "@pulumi/command";
import { LecternError } from "../../../problem/problem.ts";
import type { GatewayConfig } from "../../config.ts";
import { agentSocket } from "../transport/transport.ts";

type SshHost = Exclude<GatewayConfig["hosts"][number], { local: true }>;

/** A command on a host. */
export type SetupCommand = remote.Command;

/** A gateway as its configuration names it. */
export interface SetUpGateway {
  readonly name: string;
  readonly config: Pick<GatewayConfig, "hosts">;
}

/**
 * Registers the commands that an operator wants run on a gateway's hosts: one after another on each host, in the order of the
 * file. Each runs when it is new and again where its text changes; what is removed runs its `delete`.
 *
 * The host's key is given, and the login is the SSH agent's of whoever deploys: no private key comes into the state.
 * @returns the commands, for what has to come after them
 * @throws {LecternError} where there is no agent
 */
export async function setUpHosts({ name, config }: SetUpGateway): Promise<SetupCommand[]> {
  const hosts = config.hosts.filter((host) => !host.local);
  if (hosts.every(({ setup }) => Object.keys(setup).length === 0)) return [];
  if (agentSocket() === undefined) throw noAgent(name);
  // Only a stack that has such commands pays for loading the package.
  const { remote: onHosts } = await import("@pulumi/command");
  return hosts.flatMap((host) => {
    const made: SetupCommand[] = [];
    for (const [command, { create, update, delete: remove }] of Object.entries(host.setup)) {
      const given = {
        create,
        ...(update === undefined ? {} : { update }),
        ...(remove === undefined ? {} : { delete: remove }),
      };
      const args = {
        connection: connectionOf(host),
        ...given,
        logging: "none" as const,
        addPreviousOutputInEnv: false,
      };
      made.push(
        new onHosts.Command(`${name}-${placeOf(host)}-${command}`, args, { dependsOn: made.slice(-1) }),
      );
    }
    return made;
  });
}

function connectionOf({ host, port, user, hostKey }: SshHost) {
  return { host, user, hostKey, ...(port === undefined ? {} : { port }) };
}

const placeOf = ({ host, port }: SshHost) => (port === undefined ? host : `${host}-${port}`);

function noAgent(gateway: string): LecternError {
  return new LecternError({
    code: "no-ssh-agent",
    severity: "error",
    path: `lectern:gateways.${gateway}.hosts`,
    message: "setup commands log in with an SSH agent, and SSH_AUTH_SOCK names none",
    remedy:
      "Run `eval $(ssh-agent) && ssh-add KEY` first. lectern:sshPrivateKey is not used for them, because it would be kept in the state",
  });
}
