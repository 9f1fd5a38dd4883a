import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { type Network, NoAnswer, request } from "../../../../components/http/request.ts";
import type { Wheel } from "./wheels.ts";

/** Where wheels come from: an index of Python packages. */
export interface PythonIndex {
  /** The wheel's bytes; their digest is not checked. @throws {IndexRefused} */
  download(wheel: Wheel): Promise<Buffer>;
}

/** An index that can't be reached, or doesn't have a wheel. */
export class IndexRefused extends Error {
  override readonly name = "IndexRefused";
}

/** Milliseconds that pip may take. */
const PATIENCE = 180_000;
const LARGEST = 64 * 2 ** 20;
const PYPI = "https://pypi.org/simple";

/**
 * The index that this machine's pip is configured for; PyPI, or what `PIP_INDEX_URL` says, where there is no pip.
 * @param pythons commands to try
 */
export function pythonIndex(
  network: Network,
  environment: NodeJS.ProcessEnv,
  pythons: readonly string[] = ["python3", "python"],
): PythonIndex {
  return {
    download: async (wheel) => {
      for (const python of pythons) {
        const found = await byPip(python, wheel, environment);
        if (found) return found;
      }
      return byHttp(network, environment["PIP_INDEX_URL"] || PYPI, wheel);
    },
  };
}

/** @returns undefined where there is no such Python, or it has no pip */
async function byPip(
  python: string,
  { project, version, file, sha256 }: Wheel,
  environment: NodeJS.ProcessEnv,
): Promise<Buffer | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "lectern-wheel-"));
  try {
    const requirements = join(folder, "requirements.txt");
    await writeFile(requirements, `${project}==${version} --hash=sha256:${sha256}\n`);
    const options = [
      "--quiet",
      "--no-input",
      "--disable-pip-version-check",
      "--no-deps",
      "--only-binary=:all:",
    ];
    const args = [
      "-m",
      "pip",
      "download",
      ...options,
      "--require-hashes",
      "--dest",
      folder,
      "-r",
      requirements,
    ];
    const said = await run(python, args, environment);
    if (said === "absent") return undefined;
    if (said !== "done") throw new IndexRefused(`pip can't download ${project} ${version}: ${said}`);
    return await readFile(join(folder, file));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @returns what pip says is wrong, where something is */
function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, args, { env, timeout: PATIENCE }, (error, _out, complaints) => {
      if (!error) return resolve("done");
      if (error.code === "ENOENT" || /No module named pip\b/.test(complaints)) return resolve("absent");
      if (error.killed) return resolve(`no answer within ${PATIENCE / 1000} s`);
      const lines = complaints.split("\n").filter((line) => line.startsWith("ERROR: "));
      resolve(lines[0]?.slice("ERROR: ".length) ?? `it ended with ${error.code ?? error.signal}`);
    });
  });
}

/** An index's list of a project's files, as PEP 691 has it. */
const listing = z.object({ files: z.array(z.object({ filename: z.string(), url: z.string() })) });

async function byHttp(network: Network, index: string, { project, file }: Wheel): Promise<Buffer> {
  const page = new URL(`${index.replace(/\/+$/, "")}/${project}/`);
  const where = page.hostname;
  const get = async (url: URL, headers: Record<string, string>) => {
    const policy = {
      name: `GET ${file} of ${where}`,
      timeout: 60_000,
      idempotent: true,
      retries: 2,
      largest: LARGEST,
    };
    const response = await request(network, url, { headers }, policy).catch((error: unknown) => {
      if (error instanceof NoAnswer) throw new IndexRefused(error.message);
      throw error;
    });
    if (!response.ok) throw new IndexRefused(`${where} answers ${response.status} for ${file}`);
    return response;
  };
  const answer = await get(page, { accept: "application/vnd.pypi.simple.v1+json" });
  const parsed = listing.safeParse(await answer.json().catch(() => undefined));
  const found = parsed.data?.files.find(({ filename }) => filename === file);
  if (!found) throw new IndexRefused(`${where} doesn't list ${file}`);
  return Buffer.from(await (await get(new URL(found.url, page), {})).arrayBuffer());
}
