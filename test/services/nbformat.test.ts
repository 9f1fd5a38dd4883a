import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { formatFaults } from "../../components/article/source/notebook/nbformat.ts";
import { isObject } from "../../components/json.ts";
import { findEnterpriseGateway, requireService } from "./require.ts";

/** Judges each notebook of a list on standard input by Jupyter's own schema of its minor version. */
const JUDGE = `
import json, sys
from nbformat.validator import get_validator
def valid(notebook):
    validator = get_validator(4, notebook["nbformat_minor"])
    return next(iter(validator.iter_errors(notebook)), None) is None
json.dump([valid(notebook) for notebook in json.load(sys.stdin)], sys.stdout)
`;

const bundle = { "text/plain": ["a", "b"], "image/png": "aGk=", "application/json": { a: [1] } };
const OUTPUTS = [
  { output_type: "stream", name: "stdout", text: ["a\n"] },
  { output_type: "display_data", metadata: {}, data: bundle },
  { output_type: "execute_result", metadata: {}, data: bundle, execution_count: 1 },
  { output_type: "error", ename: "E", evalue: "e", traceback: ["a"] },
];

/** A notebook with everything that the format knows. */
function notebook(minor: number) {
  const id = (name: string) => (minor >= 5 ? { id: name } : {});
  return {
    nbformat: 4,
    nbformat_minor: minor,
    metadata: {
      kernelspec: { name: "python3", display_name: "Python 3" },
      language_info: { name: "python" },
    },
    cells: [
      {
        ...id("a"),
        cell_type: "markdown",
        metadata: {},
        source: "# A",
        attachments: { "a.png": { "image/png": "aGk=" } },
      },
      { ...id("b"), cell_type: "raw", metadata: {}, source: ["a", "b"] },
      {
        ...id("c-1"),
        cell_type: "code",
        metadata: {},
        source: "1",
        execution_count: null,
        outputs: OUTPUTS,
      },
    ],
  };
}

const OTHERS: readonly unknown[] = [null, true, -1, 1, 1.5, "", "x", "a b", [], ["x"], [1], {}, { x: 1 }];

interface Variant {
  /** What differs from the notebook that is right: `cells/0/source = 1`. */
  readonly what: string;
  readonly value: unknown;
}

/** A value with one part of it left out or replaced, at every depth. */
function variants(value: unknown, at = ""): Variant[] {
  const replaced = OTHERS.map((other) => ({ what: `${at} = ${JSON.stringify(other)}`, value: other }));
  if (typeof value !== "object" || value === null) return replaced;
  const rebuilt = (entries: [string, unknown][]) =>
    Array.isArray(value) ? entries.map(([, part]) => part) : Object.fromEntries(entries);
  const entries = Object.entries(value);
  const inner = entries.flatMap(([key, part], index) => [
    { what: `no ${at}/${key}`, value: rebuilt(entries.toSpliced(index, 1)) },
    ...variants(part, `${at}/${key}`).map(({ what, value: variant }) => ({
      what,
      value: rebuilt(entries.with(index, [key, variant])),
    })),
  ]);
  return [...replaced, ...inner];
}

/** Which schema judges is told by the version itself. */
const isOf = (minor: number, value: unknown) =>
  isObject(value) && value["nbformat"] === 4 && value["nbformat_minor"] === minor;

requireService(
  "Jupyter's schema of notebooks (beside Enterprise Gateway)",
  findEnterpriseGateway,
  (gateway) => {
    // Jupyter adds a missing ID when it opens a notebook, so that is only warned about.
    it.each([4, 5])(
      "a notebook 4.%i has faults exactly where it is invalid by Jupyter's own schema",
      (minor) => {
        const notebooks = variants(notebook(minor)).filter(({ value }) => isOf(minor, value));
        const input = JSON.stringify(notebooks.map(({ value }) => value));
        const python = join(dirname(gateway), "python");
        const judged: boolean[] = JSON.parse(execFileSync(python, ["-c", JUDGE], { input }).toString());
        const differing = notebooks.flatMap(({ what, value }, index) => {
          const faults = formatFaults(value);
          expect(faults.every(({ severity }) => severity === "warning") && faults.length > 0).toBe(
            /^no \/cells\/\d\/id$/.test(what) && minor >= 5,
          );
          if ((faults.length === 0) === judged[index]) return [];
          return [judged[index] ? `refused here alone: ${what}` : `accepted here alone: ${what}`];
        });
        expect(judged.filter((valid) => valid).length).toBeGreaterThan(20);
        expect(differing).toEqual([]);
      },
    );
  },
);
