import { interruption } from "../../components/resource/context/process-context.ts";
import { leaseServices } from "../../sandbox/services/host/lease.ts";

/** The sandbox's gateway, for as long as it is used. @param folder the sandbox's state */
export async function leaseGateway(folder: string) {
  const lease = await leaseServices(folder, ["gateway"], "prove", interruption());
  const values: Record<string, string> = Object.assign({}, ...lease.offers.map(({ config }) => config));
  const isStandIn = lease.offers.some(({ description }) => description.includes("(a stand-in)"));
  return { values, isStandIn, release: () => lease.release() };
}
