import { expect, test } from "vitest";
import { changesMessage } from "../../components/hub/objects/changes-message.ts";
import type { Operation } from "../../plan/model.ts";
import { Reporter } from "../engine/reporter.ts";
import { EventReader } from "./events.ts";

type CliEvent = Parameters<EventReader["take"]>[0];

const STACK = "urn:pulumi:dev::lectern::pulumi:pulumi:Stack::lectern-dev";
const urn = (type: string, name: string) => `urn:pulumi:dev::lectern::${type}::${name}`;
const ARTICLE = urn("pulumi-nodejs:dynamic/lectern:Article", "bell");

const state = (inputs: Record<string, string>, more = {}) => ({
  custom: true,
  parent: STACK,
  inputs,
  ...more,
});
const said = (severity: string, message: string, about = {}): CliEvent => ({
  diagnosticEvent: { severity, message, ...about },
});

/** What the sandbox reports of the events. */
function read(events: readonly CliEvent[], operation: Operation = "up", known: string[] = []) {
  const progress: string[] = [];
  const reporter = new Reporter(
    (event) => event.type === "step-progress" && progress.push(event.message),
    ["the-secret"],
  );
  const reader = new EventReader(reporter, operation, new Set(known));
  for (const event of events) reader.take(event);
  reader.finish();
  const { diagnostics } = reporter;
  const steps = reporter.plannedSteps();
  return { steps, diagnostics, progress, summary: reporter.summary(), outputs: reader.outputs };
}

test("an update is one step, which names the inputs that changed", () => {
  const metadata = { op: "update", urn: ARTICLE, old: state({ title: "A" }), new: state({ title: "B" }) };
  const { steps, summary } = read([{ resourcePreEvent: { metadata } }, { resOutputsEvent: { metadata } }]);
  expect(steps).toEqual([
    {
      op: "update",
      urn: ARTICLE,
      type: "pulumi-nodejs:dynamic/lectern:Article",
      name: "bell",
      parent: STACK,
      changed: ["title"],
    },
  ]);
  expect(summary).toEqual({ update: 1 });
});

test("a replacement is one replace and one delete-replaced, counted once", () => {
  const [old, now] = [state({ name: "a" }), state({ name: "b" })];
  const steps = [
    { op: "create-replacement", urn: ARTICLE, old, new: now },
    { op: "replace", urn: ARTICLE, old, new: now },
    { op: "delete-replaced", urn: ARTICLE, old },
  ].flatMap((metadata) => [{ resourcePreEvent: { metadata } }, { resOutputsEvent: { metadata } }]);
  const report = read(steps);
  expect(report.steps.map(({ op, changed }) => [op, changed])).toEqual([
    ["replace", ["name"]],
    ["delete-replaced", []],
  ]);
  expect(report.summary).toEqual({ replace: 1 });
});

test("a step that failed has the provider's reason, and its stack is not printed again", () => {
  const metadata = { op: "create", urn: ARTICLE, new: state({}) };
  const { steps, diagnostics } = read([
    { resourcePreEvent: { metadata } },
    said("info#err", "LecternError: qBook refused the-secret: LecternError: qBook refused the-secret\n\n"),
    said("info#err", "    at file:///provider.ts:1:1\n\n"),
    said("error", "qBook refused the-secret\n", { urn: ARTICLE }),
    { resOpFailedEvent: { metadata } },
    said("error", "update failed\n"),
  ]);
  expect(steps).toMatchObject([{ op: "create", error: "qBook refused [secret]" }]);
  expect(diagnostics).toEqual([{ severity: "error", message: "qBook refused [secret]", urn: ARTICLE }]);
});

test("what a check refuses is a failed step of a resource that never began", () => {
  const message =
    "lectern:Article resource 'bell': property folder value {/courses/bell} has a problem: it is not JSON\n";
  const refused = said("error", message, { urn: ARTICLE });
  expect(read([refused]).steps).toMatchObject([{ op: "create", error: "folder: it is not JSON" }]);
  expect(read([refused], "up", [ARTICLE]).steps).toMatchObject([{ op: "update" }]);
});

test("a resource that never began is below the component of its name, so that people read one name", () => {
  const component = urn("lectern:article:Course", "bell");
  const part = urn("lectern:article:Course$pulumi-nodejs:dynamic/lectern:Article", "bell");
  const refused = said("error", "it is gone\n", { urn: part });
  const began: CliEvent = { resourcePreEvent: { metadata: { op: "same", urn: component, old: state({}) } } };
  for (const report of [read([began, refused]), read([refused], "preview", [component, part])])
    expect(report.steps.at(-1)).toMatchObject({ urn: part, parent: component, error: "it is gone" });
});

test("the causes that Pulumi lists are shown as they are", () => {
  const metadata = { op: "create", urn: ARTICLE, new: state({}) };
  const text = "2 errors occurred:\n\t* qBook: no answer.\n\t* Check whether it exists.\n\n";
  const { steps } = read([
    { resourcePreEvent: { metadata } },
    said("error", text, { urn: ARTICLE }),
    { resOpFailedEvent: { metadata } },
  ]);
  expect(steps).toMatchObject([{ error: "qBook: no answer.\nCheck whether it exists." }]);
});

test("a refresh reports what it found for the resources that a provider serves", () => {
  const component = urn("lectern:article:Course", "bell");
  const provider = urn("pulumi:providers:kubernetes", "campus");
  const [gone, same] = [urn("x:y:Z", "gone"), urn("x:y:Z", "same")];
  const begin = (of: string, custom: boolean): CliEvent => ({
    resourcePreEvent: { metadata: { op: "refresh", urn: of, old: state({}, { custom }) } },
  });
  const end = (of: string, op: string, outputs = {}): CliEvent => ({
    resOutputsEvent: {
      metadata: { op, urn: of, old: state({}, { outputs: { status: "a" } }), new: state({}, { outputs }) },
    },
  });
  const { steps } = read(
    [
      ...[begin(component, false), begin(provider, true), begin(gone, true), begin(same, true)],
      begin(ARTICLE, true),
      ...[end(component, "same"), end(gone, "delete"), end(same, "same")],
      end(ARTICLE, "update", { status: "b" }),
    ],
    "refresh",
  );
  expect(steps.map(({ op, name, changed }) => [op, name, changed])).toEqual([
    ["delete", "gone", []],
    ["refresh", "same", []],
    ["update", "bell", ["status"]],
  ]);
});

test("what is logged is progress, a warning is a diagnostic, and the CLI's own affairs are left out", () => {
  const { progress, diagnostics } = read([
    said("info", "course/bell: created on qBook\n"),
    said("info", "\n"),
    said("info", "Skipping await logic\n"),
    said("warning", "1 pending operation\n"),
    said("warning", "using pulumi-language-nodejs from $PATH at /bin/pulumi-language-nodejs\n"),
    said("debug", "Registering resource\n"),
  ]);
  expect(progress).toEqual(["course/bell: created on qBook"]);
  expect(diagnostics).toEqual([{ severity: "warning", message: "1 pending operation" }]);
});

test("the outputs are the stack's, without what a preview does not know", () => {
  const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
  const outputs = { articles: { bell: "there" }, kernels: { a: unknown } };
  const metadata = { op: "same", urn: STACK, old: state({}), new: state({}, { outputs }) };
  expect(read([{ resOutputsEvent: { metadata } }], "preview").outputs).toEqual({
    articles: { bell: "there" },
  });
});

test("the changes of a hub's objects are with the hub's step, and no message", () => {
  const changes = { hub: "campus/staging", objects: [], relabelled: 2, values: [], effects: [] };
  const metadata = {
    op: "same",
    urn: urn("lectern:hub:Hub", "campus-staging"),
    old: state({}),
    new: state({}),
  };
  const { steps, progress, diagnostics } = read(
    [
      said("info", changesMessage(changes), { urn: metadata.urn }),
      { resourcePreEvent: { metadata } },
      { resOutputsEvent: { metadata } },
    ],
    "preview",
  );
  expect(steps).toMatchObject([{ op: "same", objects: changes }]);
  expect([progress, diagnostics]).toEqual([[], []]);
});
