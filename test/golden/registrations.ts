import * as pulumi from "@pulumi/pulumi";

/** One resource as the program registered it. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

export interface Scenario {
  readonly stack: string;
  /** The stack's configuration: full key to text. */
  readonly config: Record<string, string>;
  /** What other stacks, and this one when it last ran, say in their outputs; by the stack's short name. */
  readonly outputs?: Record<string, Record<string, unknown>>;
  readonly preview?: boolean;
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
        return { id: `${name}-id`, state: inputs };
      },
      call: () => ({}),
    },
    "lectern",
    scenario.stack,
    scenario.preview ?? false,
    "organization",
  );
  pulumi.runtime.setAllConfig(scenario.config);
  await scenario.run();
  await pulumi.runtime.disconnect();
  return seen.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function stackReference(name: string, scenario: Scenario) {
  const outputs = scenario.outputs?.[name.split("/").at(-1) ?? ""] ?? {};
  return { id: name, state: { name, outputs, secretOutputNames: [] } };
}

const key = ({ type, name }: Registration) => `${type} ${name}`;
