import type { CheckFailure } from "../../../components/resource/provider.ts";
import type { PropertyMap } from "../value/values.ts";

interface CheckResult {
  readonly inputs: PropertyMap;
  readonly failures?: readonly CheckFailure[];
}

export interface DiffResult {
  readonly changes: boolean;
  /** Inputs whose change needs a new resource. */
  readonly replaces?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
}

/** The resource that an adapter is asked about. */
export interface AdapterResource {
  readonly urn: string;
  /** `kubernetes:core/v1:ConfigMap`. */
  readonly type: string;
  readonly name: string;
  /** The inputs of the explicit provider that the program chose; empty for the default one. */
  readonly provider: PropertyMap;
  /** The inputs as people may read them: each secret is `[secret]`. */
  readonly shown: PropertyMap;
  /** Whether the run only says what it would do. @default false */
  readonly preview?: boolean;
  /** Reports progress of the resource, or of the one that is given. */
  progress(message: string, urn?: string): void;
}

/**
 * Who serves the resources of one package, in the shape of the project's own providers over plain
 * JSON: secrets arrive in plain and are kept secret by the engine where the inputs were. In a
 * preview unknown values arrive as the SDK's sentinel, and only `check`, `diff` and `read` are called.
 *
 * A create or update that worked in part throws `PartialFailure`.
 */
export interface Adapter {
  check?(resource: AdapterResource, olds: PropertyMap, news: PropertyMap): Promise<CheckResult>;
  /** `olds` are the last outputs, `inputs` the last inputs. Without it, or with `undefined`, inputs are compared by value. */
  diff?(
    resource: AdapterResource,
    id: string,
    olds: PropertyMap,
    news: PropertyMap,
    inputs?: PropertyMap,
  ): Promise<DiffResult | undefined>;
  create(resource: AdapterResource, inputs: PropertyMap): Promise<{ id: string; outs: PropertyMap }>;
  /** An empty id says that the resource is gone. */
  read?(
    resource: AdapterResource,
    id: string,
    props: PropertyMap,
    inputs: PropertyMap,
  ): Promise<{ id: string; props: PropertyMap; inputs?: PropertyMap }>;
  update?(
    resource: AdapterResource,
    id: string,
    olds: PropertyMap,
    news: PropertyMap,
  ): Promise<{ outs: PropertyMap }>;
  delete?(resource: AdapterResource, id: string, props: PropertyMap): Promise<void>;
  /** A function of the package, `kubernetes:helm:template`. */
  invoke?(token: string, args: PropertyMap): Promise<PropertyMap>;
  close?(): Promise<void>;
}
