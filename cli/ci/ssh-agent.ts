import { execFile } from "node:child_process";
import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { LecternError } from "../../components/problem/problem.ts";
import type { Environment } from "../../stacks/shards/stack-name.ts";
import { commandData } from "../comment/annotations.ts";
import { pulumiIn } from "../pulumi/call.ts";
import { listStacks } from "../stacks/list.ts";

const KEY = "lectern:sshPrivateKey";
const execute = promisify(execFile);

/** The variables by which programs find an agent. */
type Agent = Readonly<Record<"SSH_AUTH_SOCK" | "SSH_AGENT_PID", string>>;

/**
 * `lectern ci ssh-agent`: gives the later steps of a job an SSH agent that holds the keys of stacks, by which setup
 * commands of gateway hosts sign in. A key goes from the CLI to the agent, and is in no file, argument or log.
 * @returns the exit code: 1 where a key is none
 */
export async function startSshAgent(
  root: string,
  { environment, catalog }: { readonly environment?: Environment; readonly catalog: string },
): Promise<0 | 1> {
  const { stacks } = await listStacks(root, catalog);
  let agent: Agent | undefined;
  for (const { stack, file } of stacks.filter((one) => [one.environment, undefined].includes(environment))) {
    if (!(await readFile(join(root, file), "utf8")).includes(KEY)) continue;
    const key = await keyOf(root, stack);
    if (key === undefined) continue;
    agent ??= await started();
    if (await added(key, agent)) continue;
    process.kill(Number(agent.SSH_AGENT_PID));
    process.stdout.write(`::error::${KEY} of ${stack} is not a private key without a passphrase\n`);
    return 1;
  }
  if (!agent)
    process.stdout.write(
      `${KEY} is set in no stack${environment ? ` of ${environment}` : ""}: no SSH agent is started\n`,
    );
  const file = process.env["GITHUB_ENV"];
  const lines = Object.entries(agent ?? {}).map(([name, value]) => `${name}=${value}\n`);
  if (file && lines.length > 0) await appendFile(file, lines.join(""));
  return 0;
}

async function keyOf(root: string, stack: string): Promise<string | undefined> {
  try {
    return await pulumiIn(root)(["config", "get", "--stack", stack, KEY]);
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    // The step that deploys fails for the same reason, or needs no agent.
    const text = `${KEY} of ${stack} can't be read, so no SSH agent has it: ${error.message}`;
    process.stdout.write(`::warning::${commandData(text)}\n`);
    return undefined;
  }
}

async function started(): Promise<Agent> {
  const { stdout } = await execute("ssh-agent", ["-s"]);
  const read = (name: keyof Agent) => new RegExp(`${name}=([^;]+);`).exec(stdout)?.[1] ?? "";
  return { SSH_AUTH_SOCK: read("SSH_AUTH_SOCK"), SSH_AGENT_PID: read("SSH_AGENT_PID") };
}

/** Whether the agent has taken a key. */
function added(key: string, agent: Agent): Promise<boolean> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...agent };
    const child = execFile("ssh-add", ["-q", "-"], { env }, (error) => resolve(error === null));
    child.stdin?.on("error", () => {
      // It has ended without reading it, and is taken as a refusal.
    });
    child.stdin?.end(`${key.trimEnd()}\n`);
  });
}
