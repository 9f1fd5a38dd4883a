// Imports go one way: index → stacks → components → components/provider.
module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    {
      name: "components-know-no-host",
      comment: "A component can be called from any host, so it knows none of them.",
      severity: "error",
      from: { path: "^components/", pathNot: "\\.test\\.ts$" },
      to: { path: "^(sandbox|deployer|stacks|test)/|^index\\.ts$" },
    },
    {
      name: "component-tests-know-no-program",
      severity: "error",
      from: { path: "^components/.*\\.test\\.ts$" },
      to: { path: "^(deployer|stacks)/|^index\\.ts$" },
    },
    {
      name: "provider-is-the-floor",
      severity: "error",
      from: { path: "^components/(provider|problem|http)/", pathNot: "\\.test\\.ts$" },
      to: { path: "^components/", pathNot: "^components/(provider|problem|http)/" },
    },
    {
      name: "stacks-know-no-tools",
      severity: "error",
      from: { path: "^stacks/", pathNot: "\\.test\\.ts$" },
      to: { path: "^(sandbox|deployer|test)/|^index\\.ts$" },
    },
    {
      name: "sandbox-and-deployer-stay-apart",
      severity: "error",
      from: { path: "^deployer/" },
      to: { path: "^sandbox/" },
    },
    { name: "not-to-unresolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
    {
      name: "no-dev-dependency-in-the-program",
      severity: "error",
      from: { path: "^(index\\.ts|components|stacks|deployer|sandbox)", pathNot: "\\.test\\.ts$" },
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
