// Imports go one way: index → stacks → components → components/resource. test/rules shows that each rule
// below can fail.

/** Code of the program and its tools, without what only tests use. */
const PRODUCT = { path: "^(index\\.ts$|(components|stacks|plan|cli|policies|studio|sandbox)/)" };
const TEST_CODE = "\\.test\\.ts$|(^|/)(testing|fixtures)/";

/** The files that register resources. Providers, clients and the rest of components load without the SDK. */
const RESOURCE_CLASSES = [
  "components/resource/(define-resource|shim)\\.ts$",
  "components/article/article\\.ts$",
  "components/cluster/(cluster|support|prepull/image-prepuller|warm-up/warm-up)\\.ts$",
  "components/hub/(hub|release/chart-release|[a-z-]+/[a-z-]+-resource)\\.ts$",
  "components/image/recommended-image\\.ts$",
  "components/kernel/(kernel|gateway|build/kernel-image)\\.ts$",
];
const PROTOCOL = ["sandbox/", "components/resource/"];
const STUDIO = ["studio/server/"];

/** What the studio's page is built of. They end in its bundle, so that people who use the package need none of them. */
const PAGE_PACKAGES = [
  "react",
  "react-dom",
  "react-aria-components",
  "@tanstack/react-virtual",
  "@primer/octicons-react",
  "@fontsource-variable/source-code-pro",
  "@fontsource-variable/source-sans-3",
];

/** The page, which runs in a browser. */
const PAGE = "^studio/web/";
const NODE_MODULE = `^(node:)?(${require("node:module")
  .builtinModules.filter((name) => !name.startsWith("_"))
  .join("|")})$`;

/**
 * Which folders may import which package, by the beginning of their path. A package that has no row fails
 * `package-has-a-row`. Only what tests use is not listed: tests may import any package.
 */
const PACKAGES = {
  "@huggingface/jinja": ["studio/server/form/kubespawner/"],
  "@fastify/cookie": STUDIO,
  "@fastify/helmet": STUDIO,
  "@fastify/rate-limit": STUDIO,
  "@fastify/static": STUDIO,
  "@grpc/grpc-js": PROTOCOL,
  fastify: STUDIO,
  "google-protobuf": PROTOCOL,
  "@pulumi/pulumi/proto": PROTOCOL,
  "@pulumi/pulumi": ["index\\.ts$", "stacks/", "cli/pulumi/", ...RESOURCE_CLASSES],
  "@pulumi/kubernetes": ["components/(cluster|hub)/", "stacks/(clusters|hubs)/"],
  "@pulumi/policy": ["policies/"],
  "@pulumi/docker": ["components/kernel/build/"],
  "@pulumi/command": ["components/kernel/hosts/setup/", "components/hub/verify/"],
  "@kubernetes/client-node": ["components/(cluster|hub|proof/job)/", "sandbox/"],
  "@secretlint/secretlint-rule-preset-recommend": ["components/article/source/"],
  "@secretlint/types": ["components/article/source/"],
  "@vscode/markdown-it-katex": ["components/article/rendering/"],
  ajv: ["components/hub/values/schema/"],
  "ajv-formats": ["components/hub/values/schema/"],
  "cli-table3": ["cli/", "sandbox/", "plan/"],
  commander: ["cli/", "sandbox/"],
  "dockerfile-ast": ["components/kernel/build/"],
  "ical.js": ["components/calendar/ics/"],
  "js-yaml": ["components/hub/values/file/", "cli/plan/facts/"],
  "jsonc-parser": [
    "components/problem/",
    "components/article/source/",
    "components/cluster/node-groups/",
    "components/kernel/spec/",
  ],
  leven: ["components/problem/"],
  "markdown-it": ["components/article/"],
  ora: ["cli/", "sandbox/", "plan/"],
  "p-limit": [
    "components/",
    "stacks/",
    "cli/ci/",
    "cli/deploy/",
    "cli/drift/",
    "cli/prove/",
    "cli/report/",
    "sandbox/engine/",
    "studio/server/images/",
  ],
  "p-retry": ["components/http/"],
  "p-throttle": ["components/qbook/"],
  pngjs: ["components/proof/compare/"],
  parse5: ["components/article/"],
  "rrule-temporal": ["components/calendar/"],
  ssh2: ["components/kernel/hosts/", "sandbox/engine/command/"],
  ws: ["components/jupyter/", "sandbox/services/gateway/"],
  yaml: ["components/problem/", "components/hub/", "cli/", "sandbox/", "studio/server/edit/yaml/"],
  yauzl: ["components/archive/"],
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
      name: "policies-know-no-tools",
      comment: "The Pulumi CLI loads the policies in a process of their own.",
      severity: "error",
      from: { path: "^policies/", pathNot: TEST_CODE },
      to: { path: "^(sandbox|cli|studio|plan)/|^index\\.ts$" },
    },
    {
      name: "cli-and-sandbox-stay-apart",
      comment: "The sandbox is a command of `lectern`, and loads when it is called.",
      severity: "error",
      from: { path: "^cli/", pathNot: ["^cli/action/run\\.ts$", "^cli/prove/sandbox-gateway\\.ts$"] },
      to: { path: "^sandbox/", pathNot: "^sandbox/command-line\\.ts$" },
    },
    {
      name: "action-takes-the-engine-alone",
      comment: "Without a backend it needs no Pulumi CLI; the services are real, so no stand-in comes along.",
      severity: "error",
      from: { path: "^cli/action/run\\.ts$", pathNot: TEST_CODE },
      to: { path: "^sandbox/", pathNot: "^sandbox/engine/" },
    },
    {
      name: "prove-takes-the-gateway-alone",
      comment:
        "It runs notebooks on the sandbox's gateway, which it leases as the sandbox's own commands do.",
      severity: "error",
      from: { path: "^cli/prove/sandbox-gateway\\.ts$" },
      to: { path: "^sandbox/", pathNot: "^sandbox/services/host/lease\\.ts$" },
    },
    {
      name: "no-test-code-in-the-product",
      comment: "What only tests use is in folders testing/ and fixtures/, and below test/.",
      severity: "error",
      from: { ...PRODUCT, pathNot: TEST_CODE },
      to: { path: `^test/|${TEST_CODE}`, pathNot: "(^|/)node_modules/" },
    },
    {
      name: "studio-is-called-by-its-command",
      comment: "The studio is a command of `lectern`; whatever loads it waits for its server's packages.",
      severity: "error",
      from: { path: "^(cli|sandbox|release)/|^index\\.ts$", pathNot: ["^cli/studio/", TEST_CODE] },
      to: { path: "^studio/" },
    },
    {
      name: "studio-api-knows-neither-side",
      severity: "error",
      from: { path: "^studio/api/" },
      to: { path: "^studio/(server|web)/" },
    },
    {
      name: "studio-server-knows-no-page",
      severity: "error",
      from: { path: "^studio/server/" },
      to: { path: "^studio/web/" },
    },
    {
      name: "page-knows-no-server",
      severity: "error",
      from: { path: PAGE, pathNot: TEST_CODE },
      to: { path: "^studio/server/|^(cli|sandbox|stacks|policies)/" },
    },
    {
      name: "page-runs-in-a-browser",
      comment: "What the page shares with the program is pure: it loads nothing of Node's.",
      severity: "error",
      from: { path: PAGE, pathNot: [TEST_CODE, "vite\\.config\\.ts$"] },
      to: { path: NODE_MODULE, reachable: true },
    },
    {
      name: "page-has-its-own-packages",
      comment: "Give the package a place in PAGE_PACKAGES: each makes the page slower to open.",
      severity: "error",
      from: { path: PAGE, pathNot: [TEST_CODE, "vite\\.config\\.ts$"] },
      to: { path: "(^|/)node_modules/", pathNot: ["zod", ...PAGE_PACKAGES].map(installed) },
    },
    {
      name: "no-dev-dependency-in-the-product",
      severity: "error",
      // The page is built: what it is built of is not installed with the package.
      from: { ...PRODUCT, pathNot: [TEST_CODE, PAGE] },
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
    exclude: { path: "(^|/)(\\.lectern|\\.cache)(/|$)|^(dist|templates)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".js", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
