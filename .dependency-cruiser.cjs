// Imports go one way: index → stacks → components → components/resource. test/rules shows that each rule
// below can fail.

/** Code of the program and its tools, without what only tests use. */
const PRODUCT = { path: "^(index\\.ts$|(components|stacks|plan|cli|studio|sandbox)/)" };
const TEST_CODE = "\\.test\\.ts$|(^|/)(testing|fixtures)/";

/** The files that register resources. Providers, clients and the rest of components load without the SDK. */
const RESOURCE_CLASSES = [
  "components/resource/(define-resource|shim)\\.ts$",
  "components/article/article\\.ts$",
  "components/cluster/(cluster|support|prepull/image-prepuller)\\.ts$",
  "components/hub/(hub|release/chart-release|[a-z-]+/[a-z-]+-resource)\\.ts$",
  "components/image/recommended-image\\.ts$",
  "components/kernel/(kernel|gateway|build/kernel-image)\\.ts$",
];
const PROTOCOL = ["sandbox/", "components/resource/"];

/**
 * Which folders may import which package, by the beginning of their path. A package that has no row fails
 * `package-has-a-row`. Only what tests use is not listed: tests may import any package.
 */
const PACKAGES = {
  "@grpc/grpc-js": PROTOCOL,
  "google-protobuf": PROTOCOL,
  "@pulumi/pulumi/proto": PROTOCOL,
  "@pulumi/pulumi": ["index\\.ts$", "stacks/", "cli/pulumi/", ...RESOURCE_CLASSES],
  "@pulumi/kubernetes": ["components/(cluster|hub)/", "stacks/(clusters|hubs)/"],
  "@pulumi/docker": ["components/kernel/build/"],
  "@pulumi/command": ["components/kernel/hosts/setup/", "components/hub/verify/"],
  "@kubernetes/client-node": ["components/(cluster|hub)/", "sandbox/"],
  "@secretlint/secretlint-rule-preset-recommend": ["components/article/source/"],
  "@secretlint/types": ["components/article/source/"],
  "@vscode/markdown-it-katex": ["sandbox/services/qbook/pages/"],
  ajv: ["components/hub/values/schema/"],
  "ajv-formats": ["components/hub/values/schema/"],
  "cli-table3": ["cli/", "sandbox/", "plan/"],
  commander: ["cli/", "sandbox/"],
  "dockerfile-ast": ["components/kernel/build/"],
  "js-yaml": ["components/hub/values/file/"],
  "jsonc-parser": [
    "components/problem/",
    "components/article/source/",
    "components/cluster/node-groups/",
    "components/kernel/spec/",
  ],
  leven: ["components/problem/"],
  "markdown-it": ["components/article/source/", "sandbox/services/qbook/"],
  ora: ["cli/", "sandbox/", "plan/"],
  "p-limit": ["components/", "stacks/", "cli/deploy/", "sandbox/engine/"],
  "p-retry": ["components/http/"],
  "p-throttle": ["components/qbook/"],
  parse5: ["components/article/source/", "sandbox/services/qbook/pages/"],
  ssh2: ["components/kernel/hosts/", "sandbox/engine/command/"],
  ws: ["components/jupyter/", "sandbox/services/gateway/"],
  yaml: ["components/problem/", "components/hub/", "cli/", "sandbox/"],
  zod: [""],
};

// Node_modules may be a link to a folder elsewhere. `@pulumi/pulumi` is not `@pulumi/pulumi/proto`.
const installed = (name) =>
  name === "@pulumi/pulumi"
    ? "(^|/)node_modules/@pulumi/pulumi/(?!proto/)"
    : `(^|/)node_modules/(@types/)?${name.replaceAll(".", "\\.")}/`;

const packageRules = Object.entries(PACKAGES)
  .filter(([, folders]) => !folders.includes(""))
  .map(([name, folders]) => ({
    name: `package-${name}`,
    comment: `Only ${folders.join(", ")} may import ${name}.`,
    severity: "error",
    from: { ...PRODUCT, pathNot: [TEST_CODE, ...folders.map((folder) => `^${folder}`)] },
    to: { path: installed(name) },
  }));

module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    { name: "not-to-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "components-know-no-host",
      comment: "A component can be called from any host, so it knows none of them.",
      severity: "error",
      from: { path: "^components/", pathNot: TEST_CODE },
      to: { path: "^(sandbox|cli|studio|plan|stacks)/|^index\\.ts$" },
    },
    {
      name: "component-tests-know-no-program",
      severity: "error",
      from: { path: `^components/.*(${TEST_CODE})` },
      to: { path: "^(cli|studio|stacks)/|^index\\.ts$" },
    },
    {
      name: "provider-is-the-floor",
      severity: "error",
      from: { path: "^components/(resource|problem|http)/", pathNot: TEST_CODE },
      to: { path: "^components/", pathNot: "^components/(resource|problem|http)/" },
    },
    {
      name: "stacks-know-no-tools",
      severity: "error",
      from: { path: "^stacks/", pathNot: TEST_CODE },
      to: { path: "^(sandbox|cli|studio|plan)/|^index\\.ts$" },
    },
    {
      name: "plan-knows-no-engine",
      comment: "A plan is data, whichever engine made it.",
      severity: "error",
      from: { path: "^plan/", pathNot: TEST_CODE },
      to: { path: "^(sandbox|cli|studio|stacks)/|^index\\.ts$" },
    },
    {
      name: "cli-and-sandbox-stay-apart",
      comment: "The sandbox is a command of `lectern`, and loads when it is called.",
      severity: "error",
      from: { path: "^cli/" },
      to: { path: "^sandbox/", pathNot: "^sandbox/command-line\\.ts$" },
    },
    {
      name: "no-test-code-in-the-product",
      comment: "What only tests use is in folders testing/ and fixtures/, and below test/.",
      severity: "error",
      from: { ...PRODUCT, pathNot: TEST_CODE },
      to: { path: `^test/|${TEST_CODE}`, pathNot: "(^|/)node_modules/" },
    },
    {
      name: "no-dev-dependency-in-the-product",
      severity: "error",
      from: { ...PRODUCT, pathNot: TEST_CODE },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
    ...packageRules,
    {
      name: "package-has-a-row",
      comment: "Give the package a row in PACKAGES, with the folders that may import it.",
      severity: "error",
      from: { ...PRODUCT, pathNot: TEST_CODE },
      to: {
        path: "(^|/)node_modules/",
        pathNot: Object.keys(PACKAGES).map(installed),
        dependencyTypesNot: ["npm-dev"],
      },
    },
  ],
  options: {
    doNotFollow: { path: "(^|/)node_modules/" },
    exclude: { path: "(^|/)(\\.lectern|\\.cache)(/|$)" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".js", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
