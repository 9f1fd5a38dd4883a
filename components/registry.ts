import { dispatcher, type ProviderLoader } from "./resource/dispatch.ts";

/** Every kind of custom resource and where its provider is. The texts in the state load this file. */
const LOADERS: Record<string, ProviderLoader> = {
  Article: async () => (await import("./article/article-provider.ts")).articleProvider,
  ArticleLedger: async () => (await import("./article/creation/ledger-provider.ts")).ledgerProvider,
  ImageAlias: async () => (await import("./image/alias/image-alias-provider.ts")).imageAliasProvider,
  PrepullReadiness: async () =>
    (await import("./cluster/prepull/readiness/prepull-readiness-provider.ts")).prepullReadinessProvider,
  ReleaseLease: async () =>
    (await import("./hub/release/lease/release-lease-provider.ts")).releaseLeaseProvider,
  ReleaseDrift: async () => (await import("./hub/drift/release-drift-provider.ts")).releaseDriftProvider,
  HubDatabaseBackup: async () =>
    (await import("./hub/database/hub-database-backup-provider.ts")).hubDatabaseBackupProvider,
  HubHealth: async () => (await import("./hub/health/hub-health-provider.ts")).hubHealthProvider,
  HubRetirement: async () =>
    (await import("./hub/retirement/hub-retirement-provider.ts")).hubRetirementProvider,
  Kernelspec: async () => (await import("./kernel/spec/kernelspec-provider.ts")).kernelspecProvider,
  QbraidKernel: async () =>
    (await import("./kernel/qbook-service/qbraid-kernel-provider.ts")).qbraidKernelProvider,
  GatewayRestart: async () => (await import("./kernel/gateway/restart/restart-provider.ts")).restartProvider,
};

// `configure` and `provider` are for the texts that versions before 0.2 left in the state.
export const { configure, provider, shim } = dispatcher(LOADERS);
