import type { Properties } from "../../../resource/provide.ts";
import { steppingClock, testContext } from "../../../resource/testing/test-context.ts";
import { hubHealth } from "../hub-health-provider.ts";
import type { ServerKernels } from "../notebook/server-kernels.ts";
import type { HubReader } from "../watch/hub-reader.ts";
import { type StandInOptions, standInHub } from "./stand-in-hub.ts";

/** A cluster whose hub has nothing wrong, but for what a test changes. */
export const quietCluster = (changes: Partial<HubReader> = {}): HubReader => ({
  pods: async () => [],
  warnings: async () => [],
  log: async () => [],
  askHub: async () => 200,
  ...changes,
});

/** Inputs of a check. */
export const healthInputs = (changes: Properties = {}): Properties => ({
  cluster: "campus",
  namespace: "staging",
  release: "staging",
  hub: "campus/staging",
  change: "sha256:1",
  url: "https://hub.example.org/",
  deployment: JSON.stringify({ chart: "hub", version: "1.0.0", values: {} }),
  ...changes,
});

interface Surroundings {
  readonly hub?: StandInOptions;
  readonly cluster?: Partial<HubReader>;
  readonly kernels?: ServerKernels;
  readonly config?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

const TOKENS = JSON.stringify({ "campus/staging": "token-of-the-test" });

/** A provider with a stand-in hub, a cluster and a clock that moves only where something waits. */
export function healthRun({ hub: options = {}, cluster, kernels, config = {}, signal }: Surroundings = {}) {
  const clock = steppingClock();
  const hub = standInHub(clock, options);
  const parts = { clock, fetch: hub.fetch, ...(signal ? { signal } : {}) };
  const context = testContext({ hubTokens: TOKENS, ...config }, parts);
  const provider = hubHealth(async () => quietCluster(cluster), kernels ? () => kernels : undefined);
  return {
    hub,
    context,
    clock,
    provider,
    create: (changes: Properties = {}) => provider.create(healthInputs(changes), context),
    messages: () => context.reports.map(({ message }) => message),
  };
}
