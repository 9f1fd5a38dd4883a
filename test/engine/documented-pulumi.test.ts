import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { expect, it } from "vitest";
import { parseConfig } from "../../stacks/config.ts";
import { allDocumented } from "../docs/documented-commands.ts";
import { Reader } from "../docs/reader.ts";
import { requireService } from "../services/require.ts";
import { findPulumi, PLUGIN_FOLDERS } from "./programs.ts";
import { LECTERN, Pulumi } from "./pulumi.ts";

/** A state of a stack that was deployed, with the output that pages read. */
const DEPLOYED = JSON.stringify({
  version: 3,
  deployment: {
    manifest: { time: "2026-01-01T00:00:00Z", magic: "", version: "" },
    resources: [
      {
        urn: "urn:pulumi:prod::lectern::pulumi:pulumi:Stack::lectern-prod",
        custom: false,
        type: "pulumi:pulumi:Stack",
        outputs: { articles: {}, courseLinks: {} },
      },
    ],
  },
});

/** Commands about a stack's configuration and state, as they are written, each once, with a stack's name. */
const COMMANDS: readonly string[] = [
  ...new Set(
    allDocumented()
      .map(({ text }) => text.replaceAll("npx pulumi", "pulumi").replace("--stack STACK", "--stack staging"))
      .filter(
        (text) => /^pulumi (config|stack|cancel) .*(--stack|init)/.test(text) && !/ KEY$|\| jq/.test(text),
      ),
  ),
];

/** What reads a stack's configuration with the CLI. */
const READING = allDocumented()
  .map(({ text }) => text)
  .filter((text) => /lectern values .*--stack/.test(text));

/** Settings of stacks that pages show, with their page; an excerpt has a … in the place of something. */
const SETTINGS = globSync("docs/**/*.md", { cwd: LECTERN.root }).flatMap((page) => {
  const text = readFileSync(join(LECTERN.root, page), "utf8");
  const blocks = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block = ""]) => block);
  return blocks
    .filter((block) => /^(config:\n)? {2}lectern:/.test(block) && !block.includes("…"))
    .map((block) => [page, block.replace(/^ {2}/, "config:\n  ")] as const);
});

requireService("the real Pulumi", findPulumi, (cli) => {
  it("the pages' settings of stacks are valid as the real CLI hands them over", async () => {
    const folder = mkdtempSync(join(tmpdir(), "lectern-documented-"));
    try {
      const pulumi = new Pulumi({ cli, folder, ...LECTERN });
      await pulumi.init("staging");
      const file = join(pulumi.project, "Pulumi.staging.yaml");
      expect(SETTINGS.length).toBeGreaterThan(5);
      for (const [page, text] of SETTINGS) {
        writeFileSync(file, text);
        const { stdout, stderr } = await pulumi.call("config", "--json", "--stack", "staging");
        expect(stdout, `${page}: ${stderr}`).not.toBe("");
        const values = Object.entries<{ readonly value: string }>(JSON.parse(stdout));
        const raw = Object.fromEntries(values.map(([key, { value }]) => [key, value]));
        const read = () => parseConfig(raw, () => false, { name: page, read: () => text });
        expect(read, page).not.toThrow();
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("the pages' commands about configuration and state work with the real CLI", async () => {
    const folder = mkdtempSync(join(tmpdir(), "lectern-documented-"));
    for (const name of ["home", "backend"]) mkdirSync(join(folder, name));
    const reader = Reader.create({
      PATH: [dirname(cli), process.env["PATH"], ...PLUGIN_FOLDERS].join(delimiter),
      PULUMI_HOME: join(folder, "home"),
      PULUMI_BACKEND_URL: `file://${join(folder, "backend")}`,
      PULUMI_CONFIG_PASSPHRASE: "a passphrase",
      PULUMI_SKIP_UPDATE_CHECK: "true",
    });
    try {
      reader.open("README.md");
      expect(COMMANDS.length).toBeGreaterThan(10);
      expect(READING).not.toEqual([]);
      for (const text of [...COMMANDS, ...READING]) {
        if (text.includes("stack output")) {
          await reader.type(`pulumi stack import --stack prod <<< '${DEPLOYED}'`);
        }
        const { code, output } = await reader.type(text);
        expect(code, `${text}\n${output}`).toBe(0);
        expect(output).not.toContain("a-secret");
      }
    } finally {
      reader.leave();
      rmSync(folder, { recursive: true });
    }
  });
});
