import type { GatewayPlace } from "../../../components/kernel/spec/kernelspec-contract.ts";
import type { FoundKernels } from "./found-kernels.ts";

/** What an import has brought in. */
export interface Imported {
  readonly found: FoundKernels;
  /** From where the caller is. */
  readonly written: readonly string[];
  readonly stackFile?: string;
  readonly stack: string;
  readonly place: GatewayPlace;
}

/** A secret variable of a kernel, and the command that asks for its value. */
interface SecretCommand {
  readonly kernel: string;
  readonly variable: string;
  /** The kernel.json that has the value. */
  readonly place: string;
  readonly command: string;
}

export const secretCommands = ({ found, stack }: Pick<Imported, "found" | "stack">): SecretCommand[] =>
  found.kernels.flatMap(({ name, secrets, place }) =>
    secrets.map((variable) => ({
      kernel: name,
      variable,
      place,
      command: `pulumi config set --stack ${stack} --secret --path 'lectern:kernelSecrets["${name}"].${variable}'`,
    })),
  );

/** What was done, and what is left to a person. */
export function importedText(imported: Imported): string {
  const { found, written, stackFile, stack, place } = imported;
  const owned = Object.entries(found.owned).map(
    ([name, owner]) => `Not imported: ${name} belongs to ${owner} already`,
  );
  const count = `${written.length} ${written.length === 1 ? "kernel" : "kernels"}`;
  const secrets = secretCommands(imported).flatMap(({ kernel, variable, place: file, command }) => [
    `${variable} of ${kernel} looks like a secret, and is in no file. Set it to the value in ${file}:`,
    `  ${command}`,
  ]);
  return [
    `Imported ${count} of the gateway ${place.name}`,
    ...written.map((path) => `  + ${path}`),
    ...(stackFile === undefined ? [] : [`  ~ ${stackFile}: lectern:kernels adopts them`]),
    ...owned,
    ...(secrets.length > 0 ? ["", ...secrets] : []),
    ...(written.length > 0 ? ["", `See what an adoption changes: pulumi preview --stack ${stack}`] : []),
  ].join("\n");
}
