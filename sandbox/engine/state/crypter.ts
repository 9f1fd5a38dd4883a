import { createCipheriv, createDecipheriv, pbkdf2, randomBytes, randomUUID } from "node:crypto";
import { link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { LecternError } from "../../../components/problem/problem.ts";
import type { SecretsProvider } from "./deployment.ts";

/** The text that shows whether a passphrase is right, and the work factor: both Pulumi's. */
const PROOF = "pulumi";
const ITERATIONS = 1_000_000;
const TAG_BYTES = 16;

const derive = promisify(pbkdf2);

/** Encrypts the secrets of one state as Pulumi's passphrase provider does, so that Pulumi can read them. */
export class Crypter {
  readonly #key: Buffer;
  readonly provider: SecretsProvider;

  private constructor(key: Buffer, provider: SecretsProvider) {
    this.#key = key;
    this.provider = provider;
  }

  /**
   * The crypter of a state that has secrets already, or a new one with a salt of its own.
   * @throws LecternError where the passphrase is not the one that the state was written with
   */
  static async open(passphrase: string, file: string, existing?: SecretsProvider): Promise<Crypter> {
    const salt = existing?.state?.salt;
    if (salt === undefined) return Crypter.#create(passphrase);
    const [version, base64, ...proof] = salt.split(":");
    if (version !== "v1" || base64 === undefined) throw wrongPassphrase(file);
    const key = await derive(passphrase, Buffer.from(base64, "base64"), ITERATIONS, 32, "sha256");
    const crypter = new Crypter(key, { type: "passphrase", state: { salt } });
    try {
      if (crypter.decrypt(proof.join(":")) === PROOF) return crypter;
    } catch {
      // An authentication failure says nothing more than this:
    }
    throw wrongPassphrase(file);
  }

  static async #create(passphrase: string): Promise<Crypter> {
    const salt = randomBytes(8);
    const key = await derive(passphrase, salt, ITERATIONS, 32, "sha256");
    const proof = encrypt(key, PROOF);
    return new Crypter(key, {
      type: "passphrase",
      state: { salt: `v1:${salt.toString("base64")}:${proof}` },
    });
  }

  encrypt(text: string): string {
    return encrypt(this.#key, text);
  }

  decrypt(ciphertext: string): string {
    const [version, nonce, data] = ciphertext.split(":");
    if (version !== "v1" || !nonce || !data) throw new Error("this is not a ciphertext");
    const bytes = Buffer.from(data, "base64");
    const decipher = createDecipheriv("aes-256-gcm", this.#key, Buffer.from(nonce, "base64"));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return decipher.update(bytes.subarray(0, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
  }
}

function encrypt(key: Buffer, text: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const data = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${data.toString("base64")}`;
}

function wrongPassphrase(file: string): LecternError {
  return new LecternError({
    code: "wrong-passphrase",
    severity: "error",
    file,
    message: "its secrets were encrypted with another passphrase",
    remedy: "Use the passphrase that it was written with, or restore the file 'passphrase' in its folder",
  });
}

/** The folder's own passphrase: what its file holds, or a new one, which is written when `keep` is set. */
export async function folderPassphrase(folder: string, keep: boolean): Promise<string> {
  const path = join(folder, "passphrase");
  const known = await readFile(path, "utf8").catch(() => undefined);
  if (known !== undefined) return known.trim();
  const made = randomBytes(32).toString("base64url");
  if (!keep) return made;
  await mkdir(folder, { recursive: true });
  // Written atomically; if several processes create it at once, all use the first one.
  const own = `${path}.${process.pid}.${randomUUID()}`;
  await writeFile(own, `${made}\n`, { mode: 0o600 });
  const lost = await link(own, path).then(
    () => false,
    () => true,
  );
  await rm(own);
  return lost ? (await readFile(path, "utf8")).trim() : made;
}
