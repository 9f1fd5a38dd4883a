import { Client } from "ssh2";
import { z } from "zod";
import type { CommandInputs, Printed } from "./command-inputs.ts";

const connection = z.object({
  host: z.string(),
  port: z.number().default(22),
  user: z.string().default("root"),
  privateKey: z.string().optional(),
  /** The public key that the host must have, as in known_hosts. */
  hostKey: z.string(),
});

/** Runs a command on a host that is reached by SSH. @throws where it ends with another code than 0 */
export async function runRemotely(
  command: string,
  { stdin, environment = {} }: CommandInputs,
  given: unknown,
): Promise<Printed> {
  const { host, port, user, privateKey, hostKey } = connection.parse(given);
  const [, key = ""] = hostKey.split(" ");
  const client = new Client();
  try {
    await new Promise<void>((resolve, reject) => {
      client.once("ready", resolve).once("error", reject);
      const hostVerifier = (found: Buffer) => found.equals(Buffer.from(key, "base64"));
      const agent = process.env["SSH_AUTH_SOCK"];
      const login = privateKey ? { privateKey } : agent ? { agent } : {};
      client.connect({ host, port, username: user, hostVerifier, ...login });
    });
    return await run(client, `${assignments(environment)}${command}`, stdin);
  } finally {
    client.end();
  }
}

/** A host takes few variables of a client's, so the command sets them. */
const assignments = (environment: Readonly<Record<string, string>>) =>
  Object.entries(environment)
    .map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'; `)
    .join("");

function run(client: Client, command: string, stdin = ""): Promise<Printed> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error) return reject(error);
      const printed = { stdout: "", stderr: "" };
      channel.setEncoding("utf8").on("data", (text: string) => {
        printed.stdout += text;
      });
      channel.stderr.setEncoding("utf8").on("data", (text: string) => {
        printed.stderr += text;
      });
      channel.once("close", (code: number | null) => {
        if (code === 0) resolve(printed);
        else reject(new Error(`the command ended with the exit code ${code}: ${printed.stderr}`));
      });
      channel.end(stdin);
    });
  });
}
