import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** A command that uses the services of a state folder. */
const userSchema = z.object({ pid: z.int(), command: z.string() });
export type User = Readonly<z.output<typeof userSchema>>;

/** What the host of a state folder's services writes for the commands that look for it. */
const addressSchema = z.object({
  /** On 127.0.0.1. */
  port: z.int(),
  /** Proves that who connects may read the state folder. */
  key: z.string(),
  users: z.array(userSchema),
});
export type HostAddress = Readonly<z.output<typeof addressSchema>>;

/** The first line that a command sends. It uses the services until it ends its side of the connection. */
export const requestSchema = z.object({
  key: z.string(),
  user: userSchema,
  /** The names of the stand-ins that it needs. */
  names: z.array(z.string()),
});
export type HostRequest = Readonly<z.output<typeof requestSchema>>;

const problemSchema = z.object({
  code: z.string(),
  severity: z.enum(["error", "warning"]),
  message: z.string(),
  remedy: z.string(),
  file: z.string().exactOptional(),
  path: z.string().exactOptional(),
});

/** The line that the host answers with once the stand-ins run. It closes the connection when they may go. */
export const replySchema = z.union([
  z.object({
    offers: z.array(z.object({ config: z.record(z.string(), z.string()), description: z.string() })),
    /** The other commands that use the services. */
    others: z.array(userSchema),
  }),
  z.object({ problems: z.array(problemSchema) }),
  z.object({ message: z.string(), code: z.string().exactOptional() }),
]);
export type HostReply = Readonly<z.output<typeof replySchema>>;

/** The files of the host in a state folder. */
export const hostFiles = (folder: string) => ({
  address: join(folder, "services.json"),
  lock: join(folder, "services.lock"),
  log: join(folder, "services.log"),
});

/** The exit code of a host that finds another one running. */
export const ANOTHER_RUNS = 75;

/** Where the host of a state folder listens; undefined where none does, or it is just starting or ending. */
export async function readAddress(folder: string): Promise<HostAddress | undefined> {
  const text = await readFile(hostFiles(folder).address, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return addressSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
