import { join } from "node:path";
import { RegistryClient } from "../../components/image/registry/registry-client.ts";
import { registriesOf, registryConfig } from "../../components/image/registry/registry-config.ts";
import { kernelConfig } from "../../components/kernel/config.ts";
import { configuredStore, proofsFolder } from "../../components/proof/store/configured-store.ts";
import { folderStore } from "../../components/proof/store/folder-store.ts";
import type { ProofStore } from "../../components/proof/store/proof-store.ts";
import { systemClock } from "../../components/resource/context/clock.ts";
import { configReader } from "../../components/resource/context/configured.ts";
import type { ProviderContext } from "../../components/resource/context/context.ts";
import { processContext, surviveInterruption } from "../../components/resource/context/process-context.ts";

/** Where notebooks are run, and where their results are kept. */
export interface ProvingPlace {
  readonly config: ReturnType<typeof gatewaysOf>;
  readonly context: ProviderContext;
  readonly store: ProofStore;
  /** Who runs them. */
  readonly owner: string;
  close(): Promise<void>;
}

type Values = Readonly<Record<string, string>>;

const reader = (values: Values) => configReader((key) => values[`lectern:${key}`]);
const gatewaysOf = (values: Values) => reader(values)(kernelConfig);

/** The gateways of a stack. Results are kept beside the images where that is possible, else in the project's folder. */
export async function stackPlace(
  stack: string,
  project: string,
  print: (line: string) => void,
): Promise<ProvingPlace> {
  const { thisMachine } = await import("../gateway/gateway-world.ts");
  const values = await thisMachine.config(stack);
  const client = new RegistryClient(
    { fetch, clock: systemClock },
    registriesOf(reader(values)(registryConfig)),
  );
  const store = configuredStore(client, print, project);
  return { ...placeOf(values, print), store, owner: `lectern prove --stack ${stack}`, close: async () => {} };
}

/** The gateway of the sandbox, which is started where it does not run. */
export async function sandboxPlace(project: string, print: (line: string) => void): Promise<ProvingPlace> {
  const { leaseGateway } = await import("./sandbox-gateway.ts");
  const lease = await leaseGateway(join(project, ".lectern"));
  if (lease.isStandIn)
    print(
      "The gateway is a stand-in: its kernels are a plain interpreter of this machine, with none of the images' packages",
    );
  return {
    ...placeOf(lease.values, print),
    store: folderStore(proofsFolder(project)),
    owner: "lectern prove",
    close: () => lease.release(),
  };
}

function placeOf(values: Values, print: (line: string) => void) {
  // Who interrupts it waits until the kernels that run are ended.
  surviveInterruption();
  const context = processContext(
    (key) => values[`lectern:${key}`],
    ({ message }) => print(message),
  );
  return { config: gatewaysOf(values), context };
}
