/** The labels of a pull request that decide about its deployment; they are those of 2i2c's deployer. */
export const LABELS = {
  skipDeploy: "deployer:skip-deploy",
  skipHubs: "deployer:skip-deploy-hubs",
  deploySupport: "deployer:deploy-support",
  deployHubs: "deployer:deploy-hubs",
} as const;

const KNOWN: readonly string[] = Object.values(LABELS);

/** Those of a pull request's labels that decide about its deployment, each once, in their order. */
export const labelsOf = (labels: readonly string[]): string[] => [
  ...new Set(labels.filter((label) => KNOWN.includes(label))),
];

/** Labels that look as if they decided about a deployment, and are unknown. */
export const unknownLabels = (labels: readonly string[]): string[] =>
  labels.filter((label) => label.startsWith("deployer:") && !KNOWN.includes(label));

export { KNOWN as KNOWN_LABELS };
