import type { Reply } from "../program/goal.ts";
import { replyOf } from "../program/goal.ts";
import { messageOf, report, type Session } from "../session.ts";
import type { ResourceState } from "../state/deployment.ts";
import { createUrn, packageOf, STACK_REFERENCE_TYPE } from "../value/urn.ts";
import { containsSecret, type PropertyMap, reveal, UNKNOWN } from "../value/values.ts";
import { adapterResource, StepFailed, withOutputs } from "./steps.ts";

/** A resource that the program looks at and does not manage: `X.get(…)`, a `StackReference`. */
export interface ReadGoal {
  readonly type: string;
  readonly name: string;
  readonly id: string;
  readonly parent: string;
  readonly inputs: PropertyMap;
  readonly dependencies: readonly string[];
  readonly provider: string;
  readonly version: string;
  readonly additionalSecretOutputs: readonly string[];
}

/** Reads it and keeps what it read in the state, as a resource that is someone else's. */
export async function readResource(session: Session, goal: ReadGoal): Promise<Reply | undefined> {
  const { stack, project, gate, journal, limit } = session;
  const urn = createUrn(stack, project, goal.parent, goal.type, goal.name);
  if (!gate.open) return undefined;
  try {
    const provider = goal.provider || (await session.providers.reference(goal.type, goal.version));
    const wanted: ResourceState = {
      urn,
      custom: true,
      id: goal.id,
      type: goal.type,
      inputs: goal.inputs,
      ...(goal.parent ? { parent: goal.parent } : {}),
      external: true,
      ...(goal.dependencies.length > 0 ? { dependencies: goal.dependencies } : {}),
      provider,
      ...(goal.additionalSecretOutputs.length > 0
        ? { additionalSecretOutputs: goal.additionalSecretOutputs }
        : {}),
    };
    const state = await limit(() => read(session, wanted));
    return replyOf(journal.news.get(urn) ?? state);
  } catch (error) {
    if (!(error instanceof StepFailed)) session.reporter.say("error", messageOf(error), urn);
    gate.fail(urn);
    return gate.open ? { urn, id: goal.id, outputs: {}, failed: true, unknown: true } : undefined;
  }
}

async function read(session: Session, wanted: ResourceState): Promise<ResourceState> {
  const { journal, reporter } = session;
  const old = journal.olds.get(wanted.urn);
  const done = reporter.begin(report("read", wanted));
  try {
    const outputs = wanted.id === UNKNOWN ? {} : await readOutputs(session, wanted);
    const now = withOutputs(wanted, outputs);
    const kept = old?.external && sameRead(old, now) ? old : now;
    await journal.put(kept, old?.external ? old : undefined);
    done();
    return kept;
  } catch (error) {
    done({ error: messageOf(error) });
    throw new StepFailed();
  }
}

const sameRead = (a: ResourceState, b: ResourceState): boolean => JSON.stringify(a) === JSON.stringify(b);

async function readOutputs(session: Session, wanted: ResourceState): Promise<PropertyMap> {
  const inputs = wanted.inputs ?? {};
  if (wanted.type === STACK_REFERENCE_TYPE) return stackReference(session, inputs);
  const adapter = await session.providers.adapter(wanted.type);
  if (!adapter.read) throw new Error(`resources of the type ${wanted.type} can't be read in the sandbox`);
  const plain = reveal(inputs);
  const found = await adapter.read(adapterResource(session, wanted), wanted.id ?? "", plain, plain);
  if (found.id === "") throw new Error(`no resource has the ID '${wanted.id}'`);
  return found.props;
}

/** The last outputs of a stack, which may be this one. */
async function stackReference(session: Session, inputs: PropertyMap): Promise<PropertyMap> {
  const { name } = reveal(inputs);
  if (typeof name !== "string") throw new Error("the name of the referenced stack is missing");
  // organization/project/stack, project/stack or stack
  const outputs = await session.stackOutputs(name.split("/").at(-1) ?? name);
  const secrets = Object.keys(outputs).filter((key) => containsSecret(outputs[key] ?? null));
  return { name, outputs, secretOutputNames: secrets.sort() };
}

/** A function that the program calls: `getResource`, or a function of an adapter's package. */
export async function invoke(session: Session, token: string, args: PropertyMap): Promise<PropertyMap> {
  if (token === "pulumi:pulumi:readStackOutputs") return stackReference(session, args);
  if (token === "pulumi:pulumi:getResource") {
    const state = session.journal.news.get(String(reveal(args)["urn"]));
    if (!state) throw new Error(`there is no resource ${String(args["urn"])}`);
    return { urn: state.urn, id: state.id ?? "", state: state.outputs ?? {} };
  }
  const adapter = await session.providers.adapter(token);
  if (!adapter.invoke) {
    throw new Error(
      `the sandbox's adapter for '${packageOf(token)}' has no functions, so it cannot call ${token}`,
    );
  }
  return adapter.invoke(token, reveal(args));
}
