import * as pulumi from "@pulumi/pulumi";
import type { KubeSpawnerProfile } from "../../components/hub/profiles/profile-list.ts";
import { isObject } from "../../components/json.ts";
import { formatProblem, LecternError } from "../../components/problem/problem.ts";
import {
  type AliasOutput,
  type ArticleOutput,
  articleOutput,
  type ClusterOutput,
  type CourseLinksOutput,
  type HoldOutput,
  type HubChangesOutput,
  type HubImageOutput,
  type HubOutput,
  type KernelOutput,
  type OverrideOutput,
  type SelectedImages,
  type SupportOutput,
  type WarmUpOutput,
} from "./outputs-schema.ts";
import { type OutputEntries, type OutputName, parseOutput, shortName } from "./parse-output.ts";

export type * from "./outputs-schema.ts";
export type { OutputEntries } from "./parse-output.ts";

/** Stands for an article that was deployed and of which nothing else is known. */
export const NEVER_PROCESSED: ArticleOutput = articleOutput.parse({});

/** What a program says of a catalog once it has registered it. */
export interface Deployed {
  readonly articles: Readonly<Record<string, pulumi.Output<ArticleOutput | undefined>>>;
  readonly forgotten: Readonly<Record<string, pulumi.Output<ArticleOutput | undefined>>>;
  readonly kernels: Readonly<Record<string, pulumi.Output<KernelOutput | undefined>>>;
  readonly images: Readonly<Record<string, pulumi.Output<SelectedImages | undefined>>>;
  readonly hubImages: Readonly<Record<string, pulumi.Output<HubImageOutput | undefined>>>;
  readonly profiles: Readonly<Record<string, readonly KubeSpawnerProfile[]>>;
  readonly aliases: Readonly<Record<string, pulumi.Output<AliasOutput | undefined>>>;
  readonly hubs: Readonly<Record<string, pulumi.Output<HubOutput | undefined>>>;
  readonly support: Readonly<Record<string, pulumi.Output<SupportOutput>>>;
  readonly hubDeployments: Readonly<Record<string, pulumi.Output<string | undefined>>>;
  readonly clusters: Readonly<Record<string, ClusterOutput>>;
  readonly warmUps: Readonly<Record<string, WarmUpOutput>>;
  readonly courseLinks: Readonly<Record<string, CourseLinksOutput>>;
  readonly hubChanges: Readonly<Record<string, pulumi.Output<HubChangesOutput>>>;
  readonly overrides: Readonly<Record<string, OverrideOutput>>;
  readonly holds: pulumi.Input<Readonly<Record<string, HoldOutput>>>;
}

/** Outputs that are there only where they have something: most stacks have none. */
const SOMETIMES = [
  "forgotten",
  "hubImages",
  "hubs",
  "support",
  "hubDeployments",
  "clusters",
  "warmUps",
  "courseLinks",
  "hubChanges",
  "overrides",
  "holds",
] as const;

/** The stack's outputs as the engine keeps them. */
export function writeOutputs({ profiles, ...deployed }: Deployed): Record<string, unknown> {
  const lists = Object.entries(profiles).map(([cluster, list]) => [cluster, JSON.stringify(list)]);
  const isWritten = ([name, entries]: [string, object]) =>
    !SOMETIMES.some((one) => one === name) ||
    pulumi.Output.isInstance(entries) ||
    Object.keys(entries).length > 0;
  const written = Object.entries(deployed).filter(isWritten);
  return { ...Object.fromEntries(written), profiles: Object.fromEntries(lists) };
}

/** What a stack wrote when it was last deployed. */
export interface StackOutputs {
  /**
   * One output's entries; none where the output does not exist. Warns once of what it can't parse.
   * @throws {LecternError} where it is this stack's own output and no map at all, or another stack that does
   * not exist
   */
  get<Name extends OutputName>(name: Name): Promise<OutputEntries<Name>>;
}

// A program can register one reference to a stack; a second one of that name would be refused.
const STACKS = new Map<string, StackOutputs>();

/** The outputs of another stack: `organization/project/stack`. */
export function outputsOf(stack: string): StackOutputs {
  const known = STACKS.get(stack);
  if (known) return known;
  const own = stack === siblingStack(pulumi.getStack());
  const reference = own ? Promise.resolve(new pulumi.StackReference(stack)) : referenceTo(stack);
  const warned = new Set<string>();
  const outputs: StackOutputs = {
    get: async (name) => {
      const details = await (await reference).getOutputDetails(name);
      const value: unknown = details.value ?? details.secretValue;
      const { entries, problems } = parseOutput(stack, name, value, own);
      if (problems.length > 0 && !isObject(value) && own) throw lostOutput(name);
      const fresh = problems.map(formatProblem).filter((warning) => !warned.has(warning));
      for (const warning of fresh) pulumi.log.warn(warning);
      for (const warning of fresh) warned.add(warning);
      return entries;
    },
  };
  STACKS.set(stack, outputs);
  return outputs;
}

/**
 * A reference to a stack that certainly is there: one to a missing stack ends the whole deployment with the
 * engine's own message, so the engine is asked first by a call, whose failure comes back.
 * @throws {LecternError} where its outputs can't be read
 */
async function referenceTo(stack: string): Promise<pulumi.StackReference> {
  try {
    await pulumi.runtime.invoke("pulumi:pulumi:readStackOutputs", { name: stack });
  } catch (error) {
    throw unreachable(stack, error);
  }
  return new pulumi.StackReference(stack);
}

function unreachable(stack: string, error: unknown): LecternError {
  const text = error instanceof Error ? error.message : String(error);
  const cause = text.replace(/^.*readStackOutputs\S* returned an error: /s, "");
  const name = shortName(stack);
  return new LecternError({
    code: "no-staging",
    severity: "error",
    path: "lectern:stagingStack",
    message: `what this stack takes from ${stack} can't be read (${cause})`,
    remedy: `Deploy it first: \`pulumi up --stack ${name}\`. If another stack proves what this one gets, set lectern:stagingStack to it. To preview before either is there: \`pulumi preview --config lectern:assumeStaging=true\``,
  });
}

/** This stack would remove what it holds and does not know to be deployed. */
export function lostOutput(place: string): LecternError {
  const stack = siblingStack(pulumi.getStack());
  return new LecternError({
    code: "unreadable-output",
    severity: "error",
    message: `the output ${place} of the stack ${stack} can't be parsed, so what is deployed is not known`,
    remedy: "Restore the stack's state from a backup with `pulumi stack import`",
  });
}

/** What this stack itself wrote when it was last deployed. */
export function ownOutputs(): StackOutputs {
  return outputsOf(siblingStack(pulumi.getStack()));
}

/** The full name of a stack of this project and organization. */
export function siblingStack(stack: string): string {
  return `${pulumi.getOrganization()}/${pulumi.getProject()}/${stack}`;
}
