import { randomUUID } from "node:crypto";
import type { GatewayConfig } from "../../../components/kernel/config.ts";
import { gatewayClient } from "../../../components/kernel/gateway/gateway-client.ts";
import { GatewayError } from "../../../components/kernel/gateway/gateway-error.ts";
import { gatewayPlaceOf } from "../../../components/kernel/gateway/gateway-place.ts";
import { hostAddress } from "../../../components/kernel/hosts/hosts.ts";
import {
  agentSocket,
  type HostAddress,
  TransportError,
} from "../../../components/kernel/hosts/transport/transport.ts";
import { LecternError } from "../../../components/problem/problem.ts";
import { articlesApi } from "../../../components/qbook/articles-api.ts";
import { qbookConnection } from "../../../components/qbook/connection.ts";
import { QbookError } from "../../../components/qbook/qbook-error.ts";
import { makeContext, type ProviderContext } from "../../../components/resource/context/context.ts";
import type { StackConfig } from "../../../stacks/config.ts";
import { attempt, type Finding } from "../finding.ts";
import type { World } from "../world.ts";
import type { StackSettings } from "./stack-settings.ts";

/** A context as providers get it in a deployment of the stack. */
export function contextOf({ fetch, clock }: World, { raw }: StackSettings): ProviderContext {
  return makeContext({
    raw: (key) => raw[`lectern:${key}`],
    fetch,
    clock,
    report: () => undefined,
    run: randomUUID(),
  });
}

/** Whether qBook answers, and takes the key. */
export function checkQbook(context: ProviderContext, stack: string, url: string): Promise<Finding[]> {
  return attempt(
    `qBook answers at ${new URL(url).host}, and the key is valid`,
    () => articlesApi(qbookConnection(context)).verify(),
    (error) =>
      error instanceof QbookError && error.status === 401
        ? `pulumi config set --stack ${stack} --secret lectern:apiKey`
        : undefined,
  );
}

/** Whether each gateway answers and takes the token, and each of its hosts is the one that is configured. */
export async function checkGateways(
  world: World,
  context: ProviderContext,
  { stack, raw }: StackSettings,
  { gateways }: StackConfig,
): Promise<Finding[]> {
  const found = Object.entries(gateways).map(async ([name, config]) => [
    ...(await checkApi(context, stack, name, config)),
    ...(await checkHosts(world, raw["lectern:sshPrivateKey"], name, config)),
  ]);
  return (await Promise.all(found)).flat();
}

async function checkApi(
  context: ProviderContext,
  stack: string,
  name: string,
  { url }: GatewayConfig,
): Promise<Finding[]> {
  if (url === undefined) return [];
  const client = gatewayClient({ name, url }, context);
  return attempt(
    `the gateway ${client.label} answers, and takes the token`,
    async () => {
      const problem = await client.problem();
      if (problem) throw problem;
      // Not every gateway asks for the token where it only tells its version.
      await client.kernelspecNames();
    },
    (error) => apiFix(error, stack, name, url),
  );
}

function apiFix(error: LecternError, stack: string, name: string, url: string): string | undefined {
  if (!(error instanceof GatewayError)) return undefined;
  if (error.status === 401 || error.status === 403) {
    return `pulumi config set --stack ${stack} --secret lectern:gatewayToken`;
  }
  if (!error.isDown) return undefined;
  const api = `${url.replace(/\/$/, "")}/api`;
  return `curl --head ${api}   from this machine; then correct lectern:gateways.${name}.url`;
}

async function checkHosts(
  { connect, environment }: World,
  privateKey: string | undefined,
  name: string,
  config: GatewayConfig,
): Promise<Finding[]> {
  const agent = agentSocket(environment);
  const credentials = {
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(agent === undefined ? {} : { agent }),
  };
  const found = gatewayPlaceOf(name, config).hosts.map(async (place) => {
    const address = hostAddress(place);
    const transport = connect(address, credentials);
    const specs = config.specsFolder;
    try {
      return await attempt(
        `gateway ${name}: ${transport.host} is reached, and has ${specs}`,
        async () => {
          if ((await transport.list(specs)) === undefined) throw missingFolder(name, transport.host, specs);
        },
        (error) => hostFix(error, address),
      );
    } finally {
      await transport.close();
    }
  });
  return (await Promise.all(found)).flat();
}

function missingFolder(gateway: string, host: string, folder: string): LecternError {
  return new LecternError({
    code: "missing-folder",
    severity: "error",
    message: `gateway ${gateway}: ${host} has no folder ${folder}`,
    remedy: `Correct lectern:gateways.${gateway}.specsFolder, or create the folder as the gateway's user`,
  });
}

function hostFix(error: LecternError, address: HostAddress): string | undefined {
  if (!(error instanceof TransportError) || error.reason !== "host-key" || address.kind !== "ssh")
    return undefined;
  const port = address.port === undefined ? "" : `-p ${address.port} `;
  return `ssh-keyscan -t ed25519 ${port}${address.host}   compare it with the host's administrator, then set hostKey`;
}
