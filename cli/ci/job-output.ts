import { appendFile } from "node:fs/promises";

/**
 * Appends outputs to the file that a job of GitHub Actions names. Each value is one line of the program's own making:
 * numbers, hashes and JSON of checked names.
 */
export async function setOutputs(
  outputs: Readonly<Record<string, string>>,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const lines = Object.entries(outputs).map(([name, value]) => {
    if (/[\r\n]/.test(value)) throw new Error(`the output ${name} has a line break`);
    return `${name}=${value}\n`;
  });
  const file = environment["GITHUB_OUTPUT"];
  if (file) await appendFile(file, lines.join(""));
}
