import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import pb from "@pulumi/pulumi/proto/language_pb.js";

/** How the SDK's runner says that it has reported the error itself. */
const BAIL = 32;

/** Runs the program with the SDK that it depends on, and waits until it has ended. */
export async function runProgram(request: pb.RunRequest, engine: string): Promise<pb.RunResponse> {
  const root = request.getInfo()?.getRootDirectory() ?? request.getPwd();
  const script = createRequire(join(request.getPwd(), "package.json")).resolve("@pulumi/pulumi/cmd/run");
  const options = programOptions(request, engine, root);
  const entry = request.getInfo()?.getEntryPoint() || ".";
  // What the program prints, the engine reads as the host's.
  const child = spawn(process.execPath, [script, ...options, entry, ...request.getArgsList()], {
    cwd: request.getPwd(),
    env: { ...process.env, ...programEnvironment(request) },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
  if (code === 0) return new pb.RunResponse();
  if (code === BAIL) return new pb.RunResponse().setBail(true);
  return new pb.RunResponse().setError(`the program ended with the exit code ${code}`);
}

function programOptions(request: pb.RunRequest, engine: string, root: string): string[] {
  return [
    `--monitor=${request.getMonitorAddress()}`,
    `--engine=${engine}`,
    `--project=${request.getProject()}`,
    `--stack=${request.getStack()}`,
    `--organization=${request.getOrganization()}`,
    `--root-directory=${root}`,
    `--pwd=${request.getPwd()}`,
    `--parallel=${request.getParallel()}`,
    ...(request.getDryrun() ? ["--dry-run"] : []),
  ];
}

function programEnvironment(request: pb.RunRequest): NodeJS.ProcessEnv {
  const { typescript } = (request.getInfo()?.getOptions()?.toJavaScript() ?? {}) as { typescript?: boolean };
  return {
    PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    PULUMI_NODEJS_TYPESCRIPT: String(typescript ?? true),
  };
}
