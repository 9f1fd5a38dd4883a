import { z } from "zod";
import { type Digest, digestOf } from "../../digest.ts";
import { jsonOf } from "../../problem/json.ts";
import type { Repository } from "../reference.ts";
import { digestMismatch, refusal } from "./registry-errors.ts";
import type { RegistryHttp } from "./registry-http.ts";

const words = z.array(z.string()).nullish();

const imageConfig = z.object({
  os: z.string().nullish(),
  architecture: z.string().nullish(),
  config: z
    .object({
      User: z.string().nullish(),
      Env: words,
      Entrypoint: words,
      Cmd: words,
      ExposedPorts: z.record(z.string(), z.unknown()).nullish(),
    })
    .nullish(),
});

/** What an image's containers run by default. */
export interface ImageConfig {
  /** Empty for root. */
  readonly user: string;
  readonly env: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  /** `8888/tcp` */
  readonly ports: readonly string[];
}

/** Reads an image's configuration by the digest of its blob. @throws {LecternError} */
export async function readImageConfig(
  http: RegistryHttp,
  repository: Repository,
  digest: Digest,
): Promise<ImageConfig | undefined> {
  const { config } = await readParsed(http, repository, digest);
  if (!config) return undefined;
  return {
    user: config.User ?? "",
    env: Object.fromEntries((config.Env ?? []).map(splitVariable)),
    entrypoint: config.Entrypoint ?? [],
    command: config.Cmd ?? [],
    ports: Object.keys(config.ExposedPorts ?? {}),
  };
}

/** What an image's configuration says that it is for, such as `linux/amd64`. @throws {LecternError} */
export async function readPlatform(
  http: RegistryHttp,
  repository: Repository,
  digest: Digest,
): Promise<string | undefined> {
  const { os, architecture } = await readParsed(http, repository, digest);
  return os && architecture ? `${os}/${architecture}` : undefined;
}

async function readParsed(
  http: RegistryHttp,
  repository: Repository,
  digest: Digest,
): Promise<Partial<z.output<typeof imageConfig>>> {
  return imageConfig.safeParse(await readJsonBlob(http, repository, digest)).data ?? {};
}

/** A blob as JSON, checked against its digest; undefined where it is none. @throws {LecternError} */
export async function readJsonBlob(
  http: RegistryHttp,
  repository: Repository,
  digest: Digest,
): Promise<unknown> {
  const response = await http.send({ method: "GET", repository, target: `blobs/${digest}` });
  const where = `${repository}@${digest}`;
  if (!response.ok) throw await refusal(repository, `read ${where}`, response);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (digestOf(bytes) !== digest) throw digestMismatch(where, digest, digestOf(bytes));
  return jsonOf(new TextDecoder().decode(bytes));
}

function splitVariable(text: string): [string, string] {
  const [name = "", ...value] = text.split("=");
  return [name, value.join("=")];
}
