import * as pulumi from "@pulumi/pulumi";

/** One resource as the program registered it. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
  readonly parent?: string;
  readonly protect?: true;
  readonly retainOnDelete?: true;
  readonly ignoreChanges?: readonly string[];
  readonly dependencies?: readonly string[];
  /** By which parents the engine knew it before; empty for the stack itself. */
  readonly formerParents?: readonly string[];
}

export interface Scenario {
  readonly stack: string;
  /** The stack's configuration: full key to text. */
  readonly config: Record<string, string>;
  /** Which of its keys are secrets. */
  readonly secretKeys?: readonly string[];
  /** What other stacks, and this one when it last ran, say in their outputs; by the stack's short name. */
  readonly outputs?: Record<string, Record<string, unknown>>;
  readonly preview?: boolean;
  /** Called for each resource, in the order in which they are registered. */
  readonly onRegistered?: (registered: Registration) => void;
  readonly run: () => Promise<Record<string, unknown>>;
}

/** Runs a stack's program against a recording monitor. @returns what it registered, in a stable order */
export async function registrations(scenario: Scenario): Promise<Registration[]> {
  const seen: Registration[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        if (type === "pulumi:pulumi:StackReference") return stackReference(name, scenario);
        const { __provider, ...own } = inputs;
        seen.push({ type, name, inputs: own });
        scenario.onRegistered?.({ type, name, inputs: own });
        return { id: `${name}-id`, state: { token: "announced", ...inputs } };
      },
      call: () => ({}),
    },
    "lectern",
    scenario.stack,
    scenario.preview ?? false,
    "organization",
  );
  pulumi.runtime.setAllConfig(scenario.config);
  // As the engine hands them over.
  process.env["PULUMI_CONFIG_SECRET_KEYS"] = JSON.stringify(scenario.secretKeys ?? []);
  const requests = recordRequests();
  const outputs = await scenario.run();
  // As the engine does: what is registered late is an output of the stack. A preview knows none of them.
  if (!scenario.preview) await new Promise((resolve) => pulumi.output(outputs).apply(resolve));
  await pulumi.runtime.disconnect();
  return seen
    .map((one) => ({ ...one, ...optionsOf(requests.get(key(one))) }))
    .sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function stackReference(name: string, scenario: Scenario) {
  const outputs = scenario.outputs?.[name.split("/").at(-1) ?? ""] ?? {};
  return { id: name, state: { name, outputs, secretOutputNames: [] } };
}

/** Mocks see inputs only: the requests themselves are taken from the monitor that the SDK talks to. */
function recordRequests(): Map<string, RegisterRequest> {
  const requests = new Map<string, RegisterRequest>();
  // The mock monitor is a plain object with the client's methods.
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    registerResource(request: RegisterRequest, ...rest: unknown[]): unknown;
  };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, ...rest) => {
    requests.set(`${request.getType()} ${request.getName()}`, request);
    return register(request, ...rest);
  };
  return requests;
}

/** What the program said of a resource beside its inputs; the part that is there. */
function optionsOf(request: RegisterRequest | undefined): Omit<Registration, "type" | "name" | "inputs"> {
  if (!request) return {};
  const parent = request.getParent();
  const ignoreChanges = request.getIgnorechangesList();
  const dependencies = request.getDependenciesList().sort();
  const formerParents = request.getAliasesList().flatMap((alias) => {
    const spec = alias.getSpec();
    return spec ? [shortUrn(spec.getParenturn())] : [];
  });
  return {
    ...(parent ? { parent: shortUrn(parent) } : {}),
    ...(request.getProtect() ? { protect: true } : {}),
    ...(request.getRetainondelete() ? { retainOnDelete: true } : {}),
    ...(ignoreChanges.length > 0 ? { ignoreChanges } : {}),
    ...(dependencies.length > 0 ? { dependencies: dependencies.map(shortUrn) } : {}),
    ...(formerParents.length > 0 ? { formerParents } : {}),
  };
}

/** What is used of the SDK's `RegisterResourceRequest`. */
interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getIgnorechangesList(): string[];
  getDependenciesList(): string[];
  getAliasesList(): { getSpec(): { getParenturn(): string } | undefined }[];
}

/** `urn:pulumi:stack::project::type::name` → `type::name`. */
const shortUrn = (urn: string) => urn.split("::").slice(2).join("::");

const key = ({ type, name }: Pick<Registration, "type" | "name">) => `${type} ${name}`;
