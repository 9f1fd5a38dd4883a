// Imports go one way: index → stacks → components → components/resource.
module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    {
      name: "components-know-no-host",
      comment: "A component can be called from any host, so it knows none of them.",
      severity: "error",
      from: { path: "^components/", pathNot: "\\.test\\.ts$" },
      to: { path: "^(sandbox|cli|stacks|test)/|^index\\.ts$" },
    },
    {
      name: "component-tests-know-no-program",
      severity: "error",
      from: { path: "^components/.*\\.test\\.ts$" },
      to: { path: "^(cli|stacks)/|^index\\.ts$" },
    },
    {
      name: "provider-is-the-floor",
      severity: "error",
      from: { path: "^components/(resource|problem|http)/", pathNot: "\\.test\\.ts$" },
      to: { path: "^components/", pathNot: "^components/(resource|problem|http)/" },
    },
    {
      name: "stacks-know-no-tools",
      severity: "error",
      from: { path: "^stacks/", pathNot: "\\.test\\.ts$" },
      to: { path: "^(sandbox|cli|test)/|^index\\.ts$" },
    },
    {
      name: "cli-and-sandbox-stay-apart",
      severity: "error",
      from: { path: "^cli/" },
      to: { path: "^sandbox/" },
    },
    { name: "not-to-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "no-dev-dependency-in-the-program",
      severity: "error",
      from: { path: "^(index\\.ts|components|stacks|cli|sandbox)", pathNot: "\\.test\\.ts$" },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(node_modules|\\.lectern|\\.cache)(/|$)" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".js", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
