// What is read of a cluster's objects, with the field names of Kubernetes; anything may be missing.

type Optional<T> = T | undefined;

/** What is read of a Pod. */
export interface ObservedPod {
  readonly metadata?: {
    readonly name?: Optional<string>;
    readonly labels?: Optional<Readonly<Record<string, string>>>;
    readonly deletionTimestamp?: unknown;
  };
  readonly spec?: {
    readonly nodeName?: Optional<string>;
    readonly containers?: readonly { readonly name: string; readonly image?: Optional<string> }[];
    readonly affinity?: unknown;
  };
  readonly status?: {
    readonly phase?: Optional<string>;
    readonly reason?: Optional<string>;
    readonly message?: Optional<string>;
    readonly conditions?: Optional<readonly ObservedCondition[]>;
    readonly containerStatuses?: Optional<readonly ObservedContainer[]>;
    readonly initContainerStatuses?: Optional<readonly ObservedContainer[]>;
  };
}

interface ObservedCondition {
  readonly type: string;
  readonly status: string;
  readonly reason?: Optional<string>;
  readonly message?: Optional<string>;
}

interface Terminated {
  readonly exitCode?: number;
  readonly reason?: Optional<string>;
  readonly message?: Optional<string>;
}

export interface ObservedContainer {
  readonly name: string;
  readonly image?: Optional<string>;
  readonly ready?: Optional<boolean>;
  readonly state?: Optional<{
    readonly running?: unknown;
    readonly waiting?: Optional<{
      readonly reason?: Optional<string>;
      readonly message?: Optional<string>;
    }>;
    readonly terminated?: Optional<Terminated>;
  }>;
  readonly lastState?: Optional<{ readonly terminated?: Optional<Terminated> }>;
}

/** What is read of a DaemonSet. */
export interface ObservedDaemonSet {
  readonly metadata?: {
    readonly name?: Optional<string>;
    readonly uid?: Optional<string>;
    readonly generation?: Optional<number>;
  };
  readonly status?: {
    readonly observedGeneration?: Optional<number>;
    readonly desiredNumberScheduled?: Optional<number>;
  };
}

/** What is read of an Event: it says why a pod was not created, or why it does not run. */
export interface ObservedEvent {
  readonly metadata?: { readonly creationTimestamp?: Optional<Date> };
  readonly involvedObject: {
    readonly kind?: Optional<string>;
    readonly name?: Optional<string>;
    readonly uid?: Optional<string>;
    /** `spec.containers{image-…}` where it is about one container. */
    readonly fieldPath?: Optional<string>;
  };
  readonly reason?: Optional<string>;
  readonly message?: Optional<string>;
  readonly lastTimestamp?: Optional<Date>;
  readonly eventTime?: Optional<Date>;
}

/** What is read of a Node. */
export interface ObservedNode {
  readonly metadata?: {
    readonly name?: Optional<string>;
    readonly labels?: Optional<Readonly<Record<string, string>>>;
  };
  readonly spec?: {
    readonly taints?: Optional<
      readonly { readonly key: string; readonly value?: Optional<string>; readonly effect: string }[]
    >;
  };
  readonly status?: { readonly conditions?: Optional<readonly ObservedCondition[]> };
}

/** When an event happened last, in milliseconds. */
export const timeOf = ({ lastTimestamp, eventTime, metadata }: ObservedEvent): number =>
  (lastTimestamp ?? eventTime ?? metadata?.creationTimestamp)?.getTime() ?? 0;
