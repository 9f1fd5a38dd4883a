import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { temporaryFolder } from "../../testing/command-test.ts";
import { Log } from "./log.ts";
import { type Result, summaryOf, writeOutputs } from "./result.ts";
import { readOutputs } from "./testing/read-outputs.ts";

const HOSTILE = [
  `quotes ' " and \`backticks\``,
  "$(touch /tmp/x) $HOME",
  "two\nlines",
  "@everyone",
  "<img src=x onerror=alert(1)>",
  "::set-output name=a::b",
  "##[set-output name=a]b",
  "\u202eturned",
  "| a | b |",
  "[click](https://example.org)",
];

function logged(secrets: readonly string[], act: (log: Log) => void): string {
  let text = "";
  act(new Log(secrets, (part) => (text += part)));
  return text;
}

const resultOf = (title: string): Result => ({
  what: "course",
  outputs: { course_name: title, "course-custom-id": "dice-1", qbook_url: "" },
  rows: [["Course", title]],
  url: "https://qbook.example.org/dice-1",
});

describe("a log", () => {
  test.each(HOSTILE)("of %j has no command for the runner but its own", (text) => {
    const lines = logged([], (log) => log.say(text)).split("\n");
    for (const line of lines.filter((one) => one !== "")) {
      expect(line).toMatch(/^\| /);
      expect(line).not.toContain("##[");
    }
    expect(logged([], (log) => log.error(`${text}\n::warning::x`))).toMatch(/^::error::[^\n]*\n$/);
  });

  it("has no secret, whole or line by line, in messages, notes and unexpected errors", () => {
    const secret = "first-line-canary\nsecond-line-canary";
    const log = new Log([secret, "short-canary", "a canary/of+signs"], () => {});
    log.warn(`a second-line-canary and short-canary`);
    log.error(secret);
    log.note(`https://example.org/?key=${encodeURIComponent("a canary/of+signs")}`);
    const error = log.withoutSecrets(new Error("short-canary"));
    expect(`${log.notes}${log.problems}${error.message}${error.stack}`).not.toContain("canary");
  });
});

describe("a summary", () => {
  test.each(HOSTILE)("shows %j and does nothing with it", (title) => {
    const text = summaryOf(resultOf(title), { notes: [title], problems: [] });
    expect(text).not.toMatch(/<img|(^|[^\u2060])@everyone|\]\(https:\/\/example\.org|##\[|^::/m);
    expect(text.split("\n").filter((line) => line.startsWith("| Course"))).toHaveLength(1);
  });

  it("links to the article, and names what failed where nothing was deployed", () => {
    expect(summaryOf(resultOf("Dice"), { notes: [], problems: [] })).toContain(
      "](https://qbook.example.org/dice-1)",
    );
    const failed = summaryOf(undefined, { notes: [], problems: ["mode: refused\nand why"] });
    expect(failed).toMatch(/- mode: refused\n- and why/);
  });
});

describe("outputs", () => {
  const folder = temporaryFolder("outputs");

  it("read back as they were, whatever is in them, and none makes another one", () => {
    let run = 0;
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...HOSTILE), fc.string()), (title) => {
        run += 1;
        const file = join(folder, String(run));
        writeOutputs(resultOf(title), { GITHUB_OUTPUT: file });
        expect(readOutputs(readFileSync(file, "utf8"))).toEqual(resultOf(title).outputs);
      }),
    );
  });
});
