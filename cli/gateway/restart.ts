import { announceRestart, restartNow } from "../../components/kernel/gateway/restart/restart-now.ts";
import {
  type GatewayOptions,
  type GatewayWorld,
  onGateway,
  thisMachine,
  unconfirmed,
} from "./gateway-world.ts";

/** Restarts a gateway of a stack, after saying what that ends. Answers the exit code. */
export function restartGateway(
  name: string,
  { stack, yes }: GatewayOptions,
  world: GatewayWorld = thisMachine,
): Promise<number> {
  return onGateway(name, stack, world, async ({ config, context }) => {
    world.print(
      `${await announceRestart({ name, config }, context)}. A restart ends every kernel that runs there.`,
    );
    const no = await unconfirmed(world, yes, `Restart the gateway ${name}?`, "Nothing was restarted");
    if (no !== undefined) return no;
    await restartNow({ name, config }, context, world.connect);
    return 0;
  });
}
