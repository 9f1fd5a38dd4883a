import { LecternError, type Problem } from "../../components/problem/problem.ts";
import type { Inherited } from "../../components/resource/inherited.ts";
import { parseScope } from "./scope.ts";
import { environmentOf, isShard, suffixOf } from "./stack-name.ts";

const NAMESPACE = "lectern:";

/**
 * Adds the defaults of the environment to the configuration of a stack that is a part of it.
 * @param raw full key to text
 * @param read the environment's file
 * @throws {LecternError} where the stack does not say what it is a part of, or what it deploys
 */
export function withDefaults(
  stack: string,
  raw: Readonly<Record<string, string>>,
  read: (environment: string) => Inherited,
): Readonly<Record<string, string>> {
  const wanted = environmentOf(stack);
  const named = raw[`${NAMESPACE}environment`];
  if (named !== undefined && named !== wanted) throw new LecternError(otherEnvironment(stack, named, wanted));
  if (!isShard(stack)) return raw;
  const missing = undeclared(stack, raw, wanted);
  if (missing.length > 0) throw new LecternError(missing);
  const { values, secrets } = read(wanted);
  const lacking = secrets.filter((key) => raw[NAMESPACE + key] === undefined && concerns(key, raw));
  if (lacking.length > 0) throw new LecternError(lacking.map((key) => lackingSecret(stack, key, wanted)));
  // What proves the whole environment is in parts of the same names.
  const own = (key: string, text: string) => (key === "stagingStack" ? text + suffixOf(stack) : text);
  const defaults = Object.entries(values).map(([key, text]) => [NAMESPACE + key, own(key, text)]);
  return { ...Object.fromEntries(defaults), ...raw };
}

function undeclared(stack: string, raw: Readonly<Record<string, string>>, environment: string): Problem[] {
  const part = { severity: "error" as const, file: `Pulumi.${stack}.yaml` };
  const problems: Problem[] = [];
  if (raw["lectern:environment"] === undefined) {
    problems.push({
      ...part,
      code: "missing-environment",
      path: "lectern:environment",
      message: `the stack ${stack} does not name the environment that it is a part of`,
      remedy: `Add \`lectern:environment: ${environment}\`, so that its providers take the defaults of Pulumi.${environment}.yaml`,
    });
  }
  if (raw["lectern:scope"] === undefined) {
    problems.push({
      ...part,
      code: "missing-scope",
      path: "lectern:scope",
      message: `the stack ${stack} does not say which part of ${environment} it deploys`,
      remedy: `Add lectern:scope, such as \`{clusters: [${stack.slice(environment.length + 1)}]}\``,
    });
  }
  return problems;
}

function otherEnvironment(stack: string, named: string, environment: string): Problem {
  return {
    code: "other-environment",
    severity: "error",
    file: `Pulumi.${stack}.yaml`,
    path: "lectern:environment",
    message: `the stack ${stack} is a part of ${environment}, not of ${JSON.stringify(named)}`,
    remedy: `Write ${environment}, or give the stack a name that begins with the environment`,
  };
}

/** Which part of a scope needs a secret; one that is not here concerns every stack. */
const NEEDED_FOR: Readonly<Record<string, readonly ("articles" | "kernels" | "clusters")[]>> = {
  apiKey: ["articles", "kernels"],
  repoReadToken: ["articles"],
  gatewayToken: ["kernels"],
  sshPrivateKey: ["kernels"],
  kubeconfigs: ["clusters"],
  hubSecrets: ["clusters"],
};

function concerns(key: string, raw: Readonly<Record<string, string>>): boolean {
  const parts = NEEDED_FOR[key];
  const scope = parseScope(raw["lectern:scope"]);
  // A scope that can't be parsed is reported for itself.
  if (parts === undefined || scope === undefined) return true;
  const { articles, kernels, clusters } = scope;
  const deploys = { articles, kernels, clusters: clusters.length > 0 };
  return parts.some((part) => deploys[part]);
}

function lackingSecret(stack: string, key: string, environment: string): Problem {
  return {
    code: "missing-secret",
    severity: "error",
    file: `Pulumi.${stack}.yaml`,
    path: NAMESPACE + key,
    message: `${NAMESPACE}${key} holds a secret in Pulumi.${environment}.yaml, and a stack has its own secrets`,
    remedy: `Run \`pulumi config set --stack ${stack} --secret ${NAMESPACE}${key}\` with this stack's own value`,
  };
}
