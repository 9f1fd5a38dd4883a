import { join } from "node:path";
import { readStackFile } from "../../sandbox/configuration.ts";
import { type Services, startServices } from "../../sandbox/services.ts";
import { LECTERN, type Operated, type Operation, Pulumi } from "./pulumi.ts";

type Settings = Readonly<Record<string, string | undefined>>;

export interface LecternOptions {
  /** The CLI's path. */
  readonly cli: string;
  /** Where the engine and the services keep their files. */
  readonly folder: string;
  readonly catalog: string;
  /** Where the services keep their files. @default below `folder` */
  readonly services?: string;
  /** The checkout whose program runs. @default this one */
  readonly root?: string;
  /** A project that is used as it is, instead of a copy of the checkout. */
  readonly project?: string;
  /** A stack's settings beside those of its file and of the services, full keys; `undefined` takes one away. */
  readonly config?: Settings | ((stack: string) => Settings);
  /** Which of them are secrets, beside those of the services. */
  readonly secretKeys?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly plugins?: readonly string[];
  readonly passphrase?: string;
}

/** What the sandbox sets too: its services read folders, are quick, and set no limit. */
const SETTINGS = {
  "lectern:source": "folder",
  "lectern:pollInterval": "100",
  "lectern:settleTime": "0.5",
  "lectern:requestLimit": "1000000",
};

/** Lectern's own program on the real engine, with the services that the sandbox has. */
export class LecternOnPulumi {
  readonly pulumi: Pulumi;
  readonly servicesFolder: string;
  readonly #options: LecternOptions;
  readonly #stacks = new Set<string>();

  constructor(options: LecternOptions) {
    const { folder, root = LECTERN.root } = options;
    this.#options = options;
    this.servicesFolder = options.services ?? join(folder, "services");
    this.pulumi = new Pulumi({ ...LECTERN, ...options, root, folder: join(folder, "pulumi") });
  }

  /**
   * Does something while the services of a stack run, as they do for one command of the sandbox. The
   * stack is there, and its configuration leads to them.
   */
  async serve<T>(stack: string, act: (services: Services) => Promise<T>): Promise<T> {
    const { catalog, config = {}, secretKeys = [] } = this.#options;
    const services = await startServices(this.servicesFolder, catalog, { stack });
    try {
      if (!this.#stacks.has(stack)) await this.pulumi.init(stack);
      this.#stacks.add(stack);
      const ofFile = await readStackFile(LECTERN.root, stack);
      const wanted = {
        ...ofFile,
        ...SETTINGS,
        "lectern:catalog": catalog,
        ...services.config,
        ...(typeof config === "function" ? config(stack) : config),
      };
      const given = Object.entries(wanted).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, value]],
      );
      await this.pulumi.configure(stack, Object.fromEntries(given), [...services.secretKeys, ...secretKeys]);
      const { "docker.io": registry } = JSON.parse(services.config["lectern:registries"] ?? "{}");
      // The stand-in for Docker's plugin pushes there; see plugins/docker.ts.
      this.pulumi.environment["LECTERN_REGISTRY"] = registry?.endpoint;
      return await act(services);
    } finally {
      await services.stop();
    }
  }

  /** One operation on a stack, without a preview before it. */
  run(operation: Operation, stack: string, ...options: string[]): Promise<Operated> {
    return this.serve(stack, () => this.pulumi.run(operation, stack, ...options));
  }
}
