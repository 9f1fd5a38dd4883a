import { describe, expect, it } from "vitest";
import { helmProblem } from "./helm-problem.ts";

const problem = (said: string, secrets: string[] = []) =>
  helmProblem({ ended: "failed", said }, "hub", secrets);

describe("what helm says", () => {
  it("is one problem, without its warnings", () => {
    const said =
      "level=WARN msg=\"deprecated\"\nError: UPGRADE FAILED: values don't meet the specifications of the schema(s):\nhub:\n- at '/replicas': got string, want integer\n";
    expect(problem(said)).toEqual({
      code: "chart-not-rendered",
      severity: "error",
      message:
        "helm can't render the chart hub (UPGRADE FAILED: values don't meet the specifications of the schema(s): hub: - at '/replicas': got string, want integer)",
      remedy: "Correct the hub's values or the chart: a deployment would fail, too",
    });
  });

  it("holds no secret", () => {
    const { message } = problem("Error: execution error at (hub/x.yaml:1:1): bad password canary-1", [
      "canary-1",
    ]);
    expect(message).toMatch(/bad password \[secret\]\)$/);
  });

  it.each([
    'Error: Kubernetes cluster unreachable: Get "https://127.0.0.1:1/version": dial tcp 127.0.0.1:1: connect: connection refused',
    "Error: kubernetes cluster unreachable: the server has asked for the client to provide credentials",
    'Error: query: failed to query with labels: secrets is forbidden: User "ci" cannot list resource "secrets"',
  ])("is that the cluster does not answer: %s", (said) => {
    expect(problem(said).code).toBe("cluster-unreachable");
  });

  it.each([
    'Error: invalid argument "server" for "--dry-run" flag: strconv.ParseBool: parsing "server": invalid syntax',
    "Error: unknown flag: --is-upgrade",
  ])("is that helm is too old, which leaves the objects uncompared: %s", (said) => {
    expect(problem(said)).toEqual({
      code: "helm-missing",
      severity: "warning",
      message: "the helm on PATH is too old: it can't render a release as the cluster would get it",
      remedy: "Install Helm 3.13 or later",
    });
  });

  it("is short, however much a chart prints", () => {
    expect(problem(`Error: ${"x".repeat(5_000)}`).message.length).toBeLessThan(500);
  });
});
