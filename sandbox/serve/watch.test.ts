import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keepDeployed, snapshot } from "./watch.ts";

/** What is deployed, by number of the look, while the catalog looks like this one after the other. */
async function deploysAt(looks: readonly string[], tries: readonly boolean[] = []): Promise<string[]> {
  const ended = new AbortController();
  const left = [...looks];
  const deployed: string[] = [];
  const look = async () => {
    if (left.length === 1) ended.abort();
    return left.shift() ?? "";
  };
  const deploy = async () => {
    deployed.push(`${looks.length - left.length}: ${looks.at(-left.length - 1)}`);
    return tries[deployed.length - 1] ?? true;
  };
  await keepDeployed({ look, deploy }, ended.signal, 0);
  return deployed;
}

describe("a catalog that is watched", () => {
  it("is deployed at the start, and once after each change", async () => {
    expect(await deploysAt(["a", "a", "a", "b", "b", "b", "a", "a"])).toEqual(["2: a", "5: b", "8: a"]);
  });

  it("is not deployed while it is being written", async () => {
    expect(await deploysAt(["a", "a", "b", "c", "d", "d"])).toEqual(["2: a", "6: d"]);
  });

  it("is deployed later where the state is locked", async () => {
    expect(await deploysAt(["a", "a", "a", "a"], [false, true])).toEqual(["2: a", "3: a"]);
  });
});

describe("a snapshot of the catalog", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "lectern-watch-"));
    mkdirSync(join(root, "courses/dice"), { recursive: true });
    writeFileSync(join(root, "courses/dice/course.json"), "{}");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("differs where a file was changed, added or removed, and not otherwise", async () => {
    const look = () => snapshot([root, join(root, "none.yaml")]);
    const texts = [await look(), await look()];
    appendFileSync(join(root, "courses/dice/course.json"), "\n");
    texts.push(await look());
    writeFileSync(join(root, "none.yaml"), "");
    texts.push(await look());
    rmSync(join(root, "courses"), { recursive: true });
    texts.push(await look());
    expect(texts[1]).toBe(texts[0]);
    expect(new Set(texts).size).toBe(4);
  });

  it("leaves out what editors keep beside it", async () => {
    const before = await snapshot([root]);
    mkdirSync(join(root, "courses/.ipynb_checkpoints"));
    writeFileSync(join(root, "courses/.ipynb_checkpoints/a.ipynb"), "");
    writeFileSync(join(root, "courses/.a.ipynb.swp"), "");
    expect(await snapshot([root])).toBe(before);
  });
});
