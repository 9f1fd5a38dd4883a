import { Writable } from "node:stream";
import { expect, test } from "vitest";
import type { RunEvent, Severity } from "../model.ts";
import { liveView } from "./live.ts";

/** A terminal of `columns` that fails a test which floods it. */
function terminal(columns: number) {
  const written: string[] = [];
  const write = (text: string) => {
    if (written.length > 1_000) throw new Error("flooded");
    return written.push(text) > 0;
  };
  const stream = Object.assign(new Writable(), {
    isTTY: true,
    columns,
    write,
    clearLine: () => write("<clear>"),
    cursorTo: () => write("<home>"),
    moveCursor: () => write("<up>"),
  });
  return { stream: stream as unknown as NodeJS.WriteStream, text: () => written.join("") };
}

const warning: RunEvent = {
  type: "diagnostic",
  diagnostic: { severity: "warning", message: "the gateway does not answer" },
};

test.each([80, 0])("writes each line on a terminal of %i columns", (columns) => {
  const { stream, text } = terminal(columns);
  const view = liveView("up", stream);
  view.onEvent(warning);
  view.end();
  expect(text()).toContain("! the gateway does not answer");
});

test("leaves the spinner out where the terminal does not know its width", () => {
  const { stream, text } = terminal(0);
  liveView("up", stream).end();
  expect(text()).toBe("");
});

test.each<[Severity, string, string]>([
  ["warning", "course/bell: bell.ipynb is not committed", "  ! course/bell: bell.ipynb is not committed\n"],
  ["info", "course/bell: qBook: processing", "    course/bell: qBook: processing\n"],
  ["info", "warning: is only a word here", "    warning: is only a word here\n"],
  ["info", "two\nlines", "    two\n      lines\n"],
])("shows what a provider reports as %s: %j", (severity, message, line) => {
  const { stream, text } = terminal(0);
  liveView("up", stream).onEvent({ type: "step-progress", severity, message });
  expect(text()).toBe(line);
});

test("reports once what two resources report, and what the plan has reported", () => {
  const { stream, text } = terminal(0);
  const told = new Set<string>();
  const moved = { type: "step-progress", severity: "info", message: "recommended: a → b in x/lab" } as const;
  for (const operation of ["preview", "up"] as const) {
    const view = liveView(operation, stream, told);
    view.onEvent(moved);
    view.onEvent({ ...moved, urn: "another" });
    view.onEvent({ type: "diagnostic", diagnostic: { severity: "info", message: moved.message } });
  }
  expect(text()).toBe("    recommended: a → b in x/lab\n");
});

test("calls an article forgotten that leaves the catalog, as qBook keeps it", () => {
  const { stream, text } = terminal(0);
  const article = { type: "pulumi-nodejs:dynamic/lectern:Article", name: "bell", urn: "urn", changed: [] };
  const step = { op: "delete", ...article } as const;
  liveView("up", stream).onEvent({ type: "step-finished", step, milliseconds: 100 });
  expect(text()).toMatch(/Article bell {2}forgotten/);
});
