import {
  PolicyPack,
  type PolicyResource,
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  Secret,
  type StackValidationPolicy,
} from "@pulumi/policy";
import { unpinnedImages } from "./checks/image-digests.ts";
import { unpinnedChart } from "./checks/pinned-charts.ts";
import { plainSecrets } from "./checks/plain-secrets.ts";
import { unprotected } from "./checks/protected-production.ts";
import type { Resource } from "./resource.ts";

const resourceOf = ({ urn, type, name, props, opts }: ResourceValidationArgs | PolicyResource): Resource => ({
  ...{ urn, type, name, props },
  protect: opts.protect,
  ignoreChanges: opts.ignoreChanges,
});

/** A policy that looks at each resource alone. */
const ofResource = (
  name: string,
  description: string,
  check: (resource: Resource) => string[],
): ResourceValidationPolicy => ({
  name,
  description,
  enforcementLevel: "mandatory",
  validateResource: (args, report) => {
    for (const message of check(resourceOf(args))) report(message);
  },
});

/** What was found of each resource while its secrets could be told from other values. */
const inPlain = new Map<string, readonly string[]>();

/**
 * Only a remediation is told which values are secrets. This one looks and changes nothing; what it found is reported
 * by the validation, which the engine asks for right after it.
 */
const noPlainSecrets: ResourceValidationPolicy = {
  name: "no-plain-secrets",
  description: "Secrets are encrypted in the state",
  enforcementLevel: "remediate",
  remediateResource: (args) => {
    inPlain.set(
      args.urn,
      plainSecrets(resourceOf(args), (value) => value instanceof Secret),
    );
  },
  validateResource: ({ urn }, report) => {
    for (const message of inPlain.get(urn) ?? []) report(message);
  },
};

const protectedProduction: StackValidationPolicy = {
  name: "protected-production",
  description: "Production loses nothing by an accident",
  enforcementLevel: "mandatory",
  validateStack: ({ resources }, report) => {
    for (const { urn, message } of unprotected(resources.map(resourceOf))) report(message, urn);
  },
};

new PolicyPack("lectern", {
  description: "What holds for every deployment of Lectern",
  policies: [
    ofResource("images-by-digest", "Only digests are deployed", unpinnedImages),
    ofResource("pinned-charts", "A chart changes with the repository alone", unpinnedChart),
    noPlainSecrets,
    protectedProduction,
  ],
});
