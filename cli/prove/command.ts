import type { Command } from "commander";
import { positive } from "../option-values.ts";
import type { ProveOptions } from "./prove.ts";

/** Adds `lectern prove`. */
export function addProve(program: Command): void {
  program
    .command("prove")
    .description("run the notebooks of courses on the images of their kernels, as lecture.yaml says")
    .argument("[course...]", "courses or blogs: their folder's name, such as bell-states. Default: all")
    .option("--stack <stack>", "the stack whose gateways run them, instead of the sandbox")
    .option(
      "--image <reference>",
      "the image to run them on, as repository@sha256:…, instead of the kernels' own",
    )
    .option("--catalog <dir>", "the catalog, instead of the project's")
    .option("--parallel <number>", "notebooks at a time", positive, 2)
    .option("--json", "print one JSON document instead of text")
    .action(async (courses: string[], options: ProveOptions) => {
      const { prove } = await import("./prove.ts");
      process.exitCode = await prove(courses, options);
    });
}
