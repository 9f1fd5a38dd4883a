import { makeContext } from "../../../../resource/context/context.ts";
import { prepullManifests } from "../../daemonset.ts";
import { containerName } from "../../prepull-pod.ts";
import type { ObservedEvent, ObservedNode, ObservedPod } from "../observed.ts";
import { type PrepullReader, waitForPrepull } from "../prepull-wait.ts";

const image = (digit: string) => `ghcr.io/campus/lab@sha256:${digit.repeat(64)}`;
export const LAB = image("a");
export const MANIFESTS = prepullManifests({
  namespace: "hub",
  pauseImage: image("f"),
  nodeGroups: [],
  images: [{ image: LAB, nodeGroups: [] }],
});
const LIMITS = { readyTimeout: 600_000, settled: 45_000 };

/** What a cluster shows at a moment, by default of one node whose pod has no container yet. */
export interface Scene {
  readonly pods?: readonly ObservedPod[];
  readonly nodes?: number;
  readonly events?: readonly ObservedEvent[];
  readonly known?: readonly ObservedNode[];
}

export const podOn = (
  nodeName: string,
  status: NonNullable<ObservedPod["status"]>,
  name = `pod-${nodeName}`,
): ObservedPod => ({
  metadata: { name, labels: { "lectern.dev/prepull": "prepull-anywhere" } },
  spec: { nodeName, containers: [{ name: containerName(LAB), image: LAB }] },
  status,
});
export const withState = (state: object) => ({ containerStatuses: [{ name: containerName(LAB), state }] });

/** A cluster that changes as the seconds pass. */
export function play(
  sceneAt: (seconds: number) => Scene,
  {
    interruptAt = Number.POSITIVE_INFINITY,
    tolerated,
    unsuited,
  }: {
    interruptAt?: number;
    tolerated?: number | string;
    unsuited?: (node: string, image: string) => string | undefined;
  } = {},
) {
  let now = 0;
  const lines: string[] = [];
  const interruption = new AbortController();
  const scene = () => sceneAt(now / 1000);
  const reader: PrepullReader = {
    daemonSets: async () => [
      {
        metadata: { name: "prepull-anywhere", uid: "d1", generation: 1 },
        status: { observedGeneration: 1, desiredNumberScheduled: scene().nodes ?? 1 },
      },
    ],
    pods: async () => scene().pods ?? [],
    events: async () => scene().events ?? [],
    nodes: async () => scene().known,
  };
  const clock = {
    now: () => now,
    sleep: async (milliseconds: number, signal?: AbortSignal) => {
      now += milliseconds;
      if (now / 1000 >= interruptAt) interruption.abort(new Error("interrupted"));
      signal?.throwIfAborted();
    },
  };
  const context = makeContext({
    raw: () => undefined,
    fetch,
    clock,
    report: () => {},
    run: "run",
    signal: interruption.signal,
  });
  const limits = { ...LIMITS, tolerated };
  const say = (line: string) => lines.push(line);
  const wait = () => waitForPrepull(MANIFESTS, reader, limits, context, say, unsuited);
  return { wait, lines, seconds: () => now / 1000 };
}

/** A cluster of one node whose container is in the state that the seconds so far bring; without one, no pod. */
export const trial = (stateAt: (seconds: number) => object | undefined, interruptAt?: number) =>
  play(
    (seconds) => {
      const state = stateAt(seconds);
      return { pods: state === undefined ? [] : [podOn("n1", withState(state))] };
    },
    interruptAt === undefined ? {} : { interruptAt },
  );
