import { execFileSync } from "node:child_process";
import { randomUUID, sign, X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sendJson, serve } from "../../../sandbox/services/server.ts";
import { program } from "../require.ts";

/** A token service, as registries with accounts have one, that is running. */
export interface TokenService {
  readonly realm: string;
  readonly issuer: string;
  readonly service: string;
  /** The file with the certificate that registries check its tokens with. */
  readonly certificate: string;
  stop(): Promise<void>;
}

const ISSUER = "token service of a test";
const SERVICE = "registry of a test";

/** Starts a token service that gives one user, by name and password, every scope that is asked for. */
export async function startTokenService(username: string, password: string): Promise<TokenService> {
  const folder = await mkdtemp(join(tmpdir(), "lectern-tokens-"));
  const [keyFile, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
  const request = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=tokens"];
  const openssl = program("openssl", ["/usr/bin"]);
  if (!openssl) throw new Error("openssl is missing: test/services/install.sh installs it");
  execFileSync(openssl, [...request, "-keyout", keyFile, "-out", certificate], { stdio: "pipe" });
  const key = await readFile(keyFile, "utf8");
  const chain = [new X509Certificate(await readFile(certificate)).raw.toString("base64")];
  const basic = `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
  const http = await serve((incoming, response) => {
    const url = new URL(incoming.url ?? "/", "http://127.0.0.1");
    if (incoming.headers.authorization !== basic) return sendJson(response, 401, {});
    const access = url.searchParams.getAll("scope").map(accessOf);
    const token = jwt({ typ: "JWT", alg: "RS256", x5c: chain }, claims(username, access), key);
    return sendJson(response, 200, { token, expires_in: 300 });
  });
  return {
    realm: `${http.url}/token`,
    issuer: ISSUER,
    service: SERVICE,
    certificate,
    stop: async () => {
      await http.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function accessOf(scope: string) {
  const [type = "", name = "", actions = ""] = scope.split(":");
  return { type, name, actions: actions.split(",") };
}

function claims(username: string, access: unknown) {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: ISSUER,
    sub: username,
    aud: SERVICE,
    exp: now + 300,
    nbf: now - 10,
    iat: now,
    jti: randomUUID(),
    access,
  };
}

function jwt(header: object, payload: object, key: string): string {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
}
