import { expect, it } from "vitest";
import { OutputCollector, savedOutputs } from "./cell-outputs.ts";

const stdout = (text: string) => ({ name: "stdout", text });

it("joins what a cell prints in pieces, without colours, and keeps the order of what it shows", () => {
  const collector = new OutputCollector(10_000);
  collector.take("stream", stdout("one "), 10);
  collector.take("stream", stdout("\u001b[31mtwo\u001b[0m"), 10);
  collector.take("display_data", { data: { "image/png": "aGk=", "text/plain": "<Figure>" } }, 10);
  collector.take("stream", stdout("three"), 10);
  collector.take("error", { ename: "ValueError", evalue: "no", traceback: ["a", "b"] }, 10);
  collector.take("comm_open", { data: {} }, 10);
  expect(collector.outputs).toEqual([
    { output_type: "stream", name: "stdout", text: "one two" },
    { output_type: "display_data", data: { "image/png": "aGk=", "text/plain": "<Figure>" } },
    { output_type: "stream", name: "stdout", text: "three" },
    { output_type: "error", ename: "ValueError", evalue: "no", traceback: ["a", "b"] },
  ]);
});

it("keeps as many bytes as its limit, and counts the rest", () => {
  const collector = new OutputCollector(25);
  for (let index = 0; index < 1_000; index += 1) collector.take("stream", stdout("x"), 10);
  expect(collector.outputs).toEqual([{ output_type: "stream", name: "stdout", text: "xx" }]);
  expect(collector.dropped).toBe(9_980);
});

it("updates a display by its ID, and clears what the cell clears", () => {
  const collector = new OutputCollector(10_000);
  const show = (text: string) => ({ data: { "text/plain": text }, transient: { display_id: "d" } });
  collector.take("stream", stdout("gone"), 10);
  collector.take("clear_output", { wait: true }, 10);
  collector.take("display_data", show("0 %"), 10);
  collector.take("update_display_data", show("100 %"), 10);
  expect(collector.outputs).toEqual([{ output_type: "display_data", data: { "text/plain": "100 %" } }]);
  collector.take("clear_output", {}, 10);
  expect(collector.outputs).toEqual([]);
});

it("reads what a notebook was saved with, whose texts are lists of lines", () => {
  expect(
    savedOutputs([
      { output_type: "stream", name: "stdout", text: ["a\n", "b"] },
      { output_type: "stream", name: "stdout", text: "c" },
      { output_type: "execute_result", data: { "text/html": ["<p>", "</p>"], "text/plain": "p" } },
      { output_type: "unknown" },
      null,
    ]),
  ).toEqual([
    { output_type: "stream", name: "stdout", text: "a\nbc" },
    { output_type: "execute_result", data: { "text/html": "<p></p>", "text/plain": "p" } },
  ]);
});
