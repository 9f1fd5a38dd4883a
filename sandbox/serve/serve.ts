import { join } from "node:path";
import { styleText } from "node:util";
import { LecternError } from "../../components/problem/problem.ts";
import { columnsOf } from "../../plan/terminal/layout.ts";
import { resultLines } from "../../plan/terminal/report.ts";
import { projectFolder } from "../../stacks/project-folder.ts";
import { operate } from "../operate.ts";
import { storageError } from "../storage-error.ts";
import { catalogOf, type Workplace, withWorkplace } from "../workplace.ts";
import { startStudio } from "./studio.ts";
import { keepDeployed, snapshot } from "./watch.ts";

/** Keeps the services running until Ctrl-C and, with `--watch`, the catalog deployed. */
export async function serve({ services, others, interrupt, options }: Workplace): Promise<void> {
  print(`\nThe services are running, so the links open. Press ${styleText("bold", "Ctrl-C")} to stop them.`);
  for (const line of services.descriptions) print(styleText("dim", `  ${line}`));
  for (const { command, pid } of others) {
    print(styleText("dim", `  They run on while \`${command}\` (process ${pid}) uses them too.`));
  }
  const catalog = catalogOf(options);
  const places = { catalog, state: options.state, project: projectFolder() };
  const stopStudio = startStudio(places, (line) => print(styleText("dim", line)));
  try {
    if (options.watch) await watch(catalog, { options, interrupt });
    else await interrupt.interrupted;
  } finally {
    await stopStudio();
  }
}

/** Deploys the catalog whenever it changes, until Ctrl-C. */
async function watch(catalog: string, { options, interrupt }: Pick<Workplace, "options" | "interrupt">) {
  print(`Changes in ${catalog} are deployed as they are saved.`);
  const inputs = [catalog, join(projectFolder(), `Pulumi.${options.stack}.yaml`)];
  const deploy = deployments({ ...options, command: "up" }, interrupt);
  await keepDeployed({ look: () => snapshot(inputs), deploy }, interrupt.signal);
}

/** Deploys, again and again, and goes on after a failure: the next change may correct it. */
function deployments(options: Workplace["options"], interrupt: Workplace["interrupt"]) {
  let refused: string | undefined;
  return async (): Promise<boolean> => {
    try {
      const report = await withWorkplace(options, interrupt, async (place) => {
        print("");
        return await operate("up", place);
      });
      // The addresses of what is there already are known.
      print(resultLines({ ...report, outputs: {} }, columnsOf(process.stdout)).join("\n"));
      refused = undefined;
      return true;
    } catch (error) {
      const known = storageError(error, options.state);
      if (!(known instanceof LecternError)) throw known;
      if (known.message !== refused) process.stderr.write(`${known.message}\n`);
      refused = known.message;
      return false;
    }
  };
}

const print = (line: string) => void process.stdout.write(`${line}\n`);
