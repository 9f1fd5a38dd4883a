import { expect } from "vitest";
import type { CommentInput } from "../comment-input.ts";
import { compose } from "../compose.ts";
import { stackView } from "../preview/stack-view.ts";

export const urnOf = (stack: string, type: string, name: string) =>
  `urn:pulumi:${stack}::lectern::${type}::${name}`;
/** A reference by a digest of one digit. */
export const DIGEST = (digit: string) => `ghcr.io/x/science@sha256:${digit.repeat(64)}`;

/** What of a preview a test gives. */
export interface Made {
  readonly stack?: string;
  readonly title?: string;
  readonly messages?: readonly (readonly [severity: string, message: string, urn?: string])[];
  readonly steps?: readonly object[];
}

/** A preview as the CLI prints it: one course and one kernel change, one resource stays. */
export function preview({ stack = "staging", messages = [], steps = [] }: Made = {}): unknown {
  const course = urnOf(stack, "lectern:article:Course", "bell");
  const article = urnOf(stack, "lectern:article:Course$pulumi-nodejs:dynamic/lectern:Article", "bell");
  const kernel = urnOf(stack, "lectern:kernel:Kernel", "python");
  const spec = urnOf(stack, "lectern:kernel:Kernel$pulumi-nodejs:dynamic/lectern:Kernelspec", "python");
  const state = (parent: string, inputs: object) => ({
    parent,
    inputs: { ...inputs, token: "canary-state" },
  });
  return {
    config: { "lectern:apiKey": "canary-config" },
    steps: [
      { op: "same", urn: course, oldState: {}, newState: {} },
      { op: "same", urn: kernel, oldState: {}, newState: {} },
      { op: "same", urn: urnOf(stack, "lectern:article:Blog", "walks"), oldState: {}, newState: {} },
      {
        op: "update",
        urn: article,
        oldState: state(course, { fingerprint: "canary-1" }),
        newState: state(course, { fingerprint: "canary-2" }),
      },
      {
        op: "update",
        urn: spec,
        oldState: state(kernel, { image: DIGEST("1") }),
        newState: state(kernel, { image: DIGEST("2") }),
      },
      ...steps,
    ],
    diagnostics: [
      { severity: "info", message: "course/bell: chapter 2 'Two qubits': notebook changed\n" },
      ...messages.map(([severity, message, urn]) => ({
        severity,
        message: `${severity === "warning" ? "warning: " : ""}${message}\n`,
        urn,
      })),
    ],
    changeSummary: { same: 3, update: 2 },
  };
}

/** What a comment says of such a preview. */
export const view = (made: Made = {}) =>
  stackView(made.stack ?? "staging", made.stack ?? "staging", preview(made));
/** One preview without problems, where a test gives nothing else. */
export const input = (more: Partial<CommentInput> = {}): CommentInput => ({
  previews: [view()],
  failed: [],
  credentials: true,
  links: {},
  ...more,
});

export const commentOf = (more: Partial<CommentInput> = {}) => compose(input(more)).comment;

/** What is opened is closed, line by line. */
export function expectBalanced(text: string): void {
  const count = (what: string) => text.split(what).length;
  expect(count("<details>")).toBe(count("</details>"));
  expect(count("<summary>")).toBe(count("</summary>"));
  expect(text).not.toMatch(/^```/m);
}
