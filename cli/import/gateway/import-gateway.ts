import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import { kernelSetProblems, readKernel } from "../../../components/kernel/declaration/kernel-file.ts";
import { gatewayPlaceOf } from "../../../components/kernel/gateway/gateway-place.ts";
import { hostAddress } from "../../../components/kernel/hosts/hosts.ts";
import { openTransport } from "../../../components/kernel/hosts/transport/connections.ts";
import type { Transport } from "../../../components/kernel/hosts/transport/transport.ts";
import type { GatewayPlace } from "../../../components/kernel/spec/kernelspec-contract.ts";
import { didYouMean } from "../../../components/problem/nearest.ts";
import { formatProblem, LecternError, type Problem } from "../../../components/problem/problem.ts";
import { discoverCatalog } from "../../../stacks/catalog.ts";
import { type GatewayWorld, onGateway, thisMachine } from "../../gateway/gateway-world.ts";
import { putInPlace } from "../running/put-in-place.ts";
import { shownPath } from "../running/shown-path.ts";
import { decided } from "../running/stack-decisions.ts";
import { type FoundKernels, findKernels } from "./found-kernels.ts";
import { type Imported, importedText, secretCommands } from "./report.ts";

export interface ImportGatewayOptions {
  readonly stack: string;
  /** A folder of kernelspecs on this machine, as a file URL, instead of the gateway's hosts. */
  readonly from?: string;
  readonly only?: readonly string[];
  readonly except?: readonly string[];
  /** Relative to the project. */
  readonly catalog: string;
  readonly json?: boolean;
}

/**
 * `lectern import gateway`: brings kernels that others have installed on a gateway into the catalog, with the decision that
 * adopts them. Nothing on the hosts is changed, and nothing that exists is overwritten.
 * @param project its folder
 * @returns the exit code: 0 written, 1 refused, and then nothing is written
 */
export function importGateway(
  name: string,
  options: ImportGatewayOptions,
  project: string,
  world: GatewayWorld = thisMachine,
): Promise<number> {
  const { from, stack } = options;
  if (from !== undefined) {
    return failing(world, () => {
      const place = folderPlace(name, from);
      return importFrom(place, [openTransport({ kind: "local" })], undefined, options, project, world);
    });
  }
  return onGateway(name, stack, world, ({ config, gateways, raw, context }) => {
    const place = gatewayPlaceOf(name, config);
    const hosts = place.hosts.map((one) => world.connect(hostAddress(one), context));
    // A kernel that names no gateway is on the stack's own, or its only one.
    const own = raw("gateway") ?? (Object.keys(gateways).length === 1 ? name : undefined);
    return importFrom(place, hosts, own === name ? undefined : name, options, project, world);
  });
}

async function failing(world: GatewayWorld, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    for (const problem of error.problems) world.printError(`error: ${formatProblem(problem)}`);
    return 1;
  }
}

async function importFrom(
  place: GatewayPlace,
  hosts: readonly Transport[],
  gateway: string | undefined,
  options: ImportGatewayOptions,
  project: string,
  world: GatewayWorld,
): Promise<number> {
  const { only, except = [], stack } = options;
  const isWanted = (name: string) => (only?.includes(name) ?? true) && !except.includes(name);
  const found = await findKernels(place, hosts, isWanted);
  refuseUnknown(found, options, place);
  const catalog = resolve(project, options.catalog);
  const paths = found.kernels.map(({ name }) => `kernels/${name}`);
  const entries = Object.fromEntries(found.kernels.map(({ name }) => [name, { adopt: true }]));
  const stackFile =
    paths.length === 0 ? undefined : decided(project, stack, { key: "lectern:kernels", entries });
  await putInPlace(
    { catalog, paths },
    (apart) => writeKernels(apart, found, gateway),
    (apart) => checkKernels(apart, catalog, found),
    stackFile,
  );
  const imported: Imported = {
    found,
    written: paths.map((path) => shownPath(join(catalog, path, "kernel.yaml"))),
    stack,
    place,
    ...(stackFile === undefined ? {} : { stackFile: shownPath(stackFile.path) }),
  };
  world.print(options.json ? documentOf(imported) : importedText(imported));
  return 0;
}

async function writeKernels(
  apart: string,
  { kernels }: FoundKernels,
  gateway: string | undefined,
): Promise<void> {
  for (const { name, file } of kernels) {
    const folder = join(apart, "kernels", name);
    await mkdir(folder, { recursive: true });
    const { display_name, language, ...rest } = file;
    const content = { display_name, language, ...(gateway === undefined ? {} : { gateway }), ...rest };
    await writeFile(join(folder, "kernel.yaml"), stringify(content, { lineWidth: 0 }));
  }
}

/** What the catalog would refuse, also beside the kernels that it has. */
async function checkKernels(apart: string, catalog: string, { kernels }: FoundKernels): Promise<void> {
  const there = (await discoverCatalog(catalog)).kernels.map(({ folder }) => folder);
  const own = kernels.map(({ name }) => join(apart, "kernels", name));
  const read = await Promise.all([...there, ...own].map((folder) => readKernel(folder)));
  const wrong = read
    .slice(there.length)
    .flatMap(({ problems }) => problems.filter(({ severity }) => severity === "error"));
  const problems = [...wrong, ...kernelSetProblems(read.flatMap(({ kernel }) => kernel ?? []))];
  if (problems.length > 0)
    throw new LecternError(
      problems.map((one) => ({ ...one, file: shownPath((one.file ?? "").replace(apart, catalog)) })),
    );
}

/** A name that is misspelt would leave out what was meant, or not leave out what was not. */
function refuseUnknown(
  { kernels, owned, all }: FoundKernels,
  { only = [], except = [] }: ImportGatewayOptions,
  { specsFolder }: GatewayPlace,
): void {
  const known = [...kernels.map(({ name }) => name), ...Object.keys(owned)];
  const unknown = (option: string, name: string): Problem => ({
    code: "unknown-kernel",
    severity: "error",
    path: option,
    message: `${specsFolder} has no kernel ${JSON.stringify(name)}`,
    remedy: didYouMean(name, all, "Name a folder with a kernel.json"),
  });
  const problems = [
    ...only.filter((name) => !known.includes(name)).map((name) => unknown("--only", name)),
    ...except.filter((name) => !all.includes(name)).map((name) => unknown("--except", name)),
  ];
  if (problems.length > 0) throw new LecternError(problems);
}

/** @throws {LecternError} where the text is no address of a folder */
function folderPlace(name: string, from: string): GatewayPlace {
  if (!URL.canParse(from) || !from.startsWith("file:")) {
    throw new LecternError({
      code: "wrong-url",
      severity: "error",
      path: "--from",
      message: `${JSON.stringify(from)} is no file URL`,
      remedy: "Write file:///srv/kernels for the folder of kernelspecs /srv/kernels",
    });
  }
  return { name, hosts: [{ kind: "local" }], specsFolder: fileURLToPath(from).replace(/(?<=.)\/$/, "") };
}

function documentOf(imported: Imported): string {
  const { found, written, stackFile } = imported;
  const secrets = secretCommands(imported);
  return JSON.stringify(
    { written, ...(stackFile === undefined ? {} : { stackFile }), secrets, managed: found.owned },
    null,
    2,
  );
}
