import { describe, expect, it } from "vitest";
import { formatProblem, LecternError } from "../../problem/problem.ts";
import { type NodeGroup, nodeGroupsJsonSchema, readNodeGroups } from "./node-groups.ts";

const group = (slug: string, selector: Record<string, string> = { pool: slug }): NodeGroup => ({
  slug,
  display_name: slug.toUpperCase(),
  node_selector: selector,
});

/** As the page of the z2jh configurator prints it. */
const CONFIGURATORS_OWN = `[
  {
    "slug": "node-name-slug",
    "display_name": "Human Readable Name for this Node group",
    "node_selector": {
      "kubernetes-node-selector-key": "node-selector-value"
    },
  }
]
`;

function refusals(content: unknown): string[] {
  try {
    readNodeGroups(typeof content === "string" ? content : JSON.stringify(content, null, 2), "n.json");
  } catch (error) {
    if (error instanceof LecternError) return error.problems.map(formatProblem);
    throw error;
  }
  return [];
}

describe("reading", () => {
  it("takes node groups with selectors of any label and with tolerations", () => {
    const gpu: NodeGroup = {
      ...group("gpu", { "hub.jupyter.org/node-purpose": "user", "lectern.dev/node-group": "gpu" }),
      tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
    };
    const text = JSON.stringify([group("standard"), gpu], null, 2);
    expect(readNodeGroups(text, "node-groups.json")).toEqual([group("standard"), gpu]);
  });

  it("checks every entry, with its place", () => {
    const problems = refusals([
      group("cpu"),
      { slug: "gpu", display_name: "GPU" },
      { ...group("big"), node_selektor: {}, node_selector: { pool: 1 } },
    ]);
    expect(problems[0]).toMatch(/^n\.json:\d+:\d+ \[1\]\.node_selector: required\. /);
    expect(problems[1]).toMatch(/\[2\]\.node_selector\.pool: /);
    expect(problems[2]).toMatch(
      /\[2\]\.node_selektor: unknown key "node_selektor"\. Did you mean "node_selector"\?/,
    );
    expect(problems).toHaveLength(3);
  });

  it.each([
    [[group("a"), group("a")], /\[1\]\.slug: the slug "a" is already used above/],
    [[{ ...group("a"), slug: "a b" }], /\[0\]\.slug: expected letters/],
    [[{ ...group("a"), display_name: "" }], /\[0\]\.display_name/],
    [[group("a", { "no good": "x" })], /node_selector\["no good"\]: expected the name of a Kubernetes label/],
    [[group("a", { pool: "a b" })], /\[0\]\.node_selector\.pool: expected the value/],
    [
      [{ ...group("a"), tolerations: [{ effect: "NoSchedule" }] }],
      /\[0\]\.tolerations\[0\]\.key: a toleration/,
    ],
    [
      [{ ...group("a"), tolerations: [{ key: "k", operator: "Exists", value: "v" }] }],
      /\[0\]\.tolerations\[0\]\.value: a toleration/,
    ],
    [[{ ...group("a"), affinity: { podAffinity: {} } }], /\[0\]\.affinity/],
    [
      [{ ...group("a"), capacity: { memory: "32 GB" } }],
      /\[0\]\.capacity\.memory: expected a quantity of Kubernetes, such as 8/,
    ],
    [{ cpu: {} }, /expected list/],
    [CONFIGURATORS_OWN, /^n\.json:7:6: this is not JSON: a comma follows .* an object\. Remove the comma/],
    ["[1, ]", /n\.json:1:3: this is not JSON: a comma follows the last entry of a list\. Remove the comma/],
    ["[", /n\.json:1:2: this is not JSON: /],
    ["[]\n[]", /n\.json:2:1: this is not JSON: /],
    ["[ // none\n]", /n\.json:1:3: this is not JSON: /],
    ["- slug: a", /n\.json:1:1: this is not JSON: /],
    ["\ufeff[]", /n\.json:1:1: the file begins with a byte order mark/],
    ['[{"slug": "a",\n  "slug": "b"}]', /n\.json:2:3 \[0\]\.slug: "slug" occurs twice/],
  ])("refuses %j", (content, message) => {
    expect(refusals(content).join("\n")).toMatch(message);
  });

  const required = (term: object) => [
    {
      ...group("a"),
      affinity: {
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } },
      },
    },
  ];
  const expression = (operator: string, values?: unknown[]) =>
    required({ matchExpressions: [{ key: "zone", operator, ...(values ? { values } : {}) }] });
  const field = (operator: string, values: unknown[], key = "metadata.name") =>
    required({ matchFields: [{ key, operator, values }] });
  const toleration = (more: object) => [{ ...group("a"), tolerations: [{ key: "gpu", ...more }] }];

  it.each([
    [expression("In"), /matchExpressions\[0\]\.values: the operator In needs one value or more/],
    [expression("NotIn", []), /matchExpressions\[0\]\.values: the operator NotIn needs one/],
    [expression("Exists", ["a"]), /matchExpressions\[0\]\.values: the operator Exists takes no values/],
    [expression("DoesNotExist", ["a"]), /\.values: the operator DoesNotExist takes no values/],
    [expression("Gt"), /\.values: the operator Gt needs one integer/],
    [expression("Lt", ["1", "2"]), /\.values: the operator Lt needs one integer/],
    [expression("Gt", ["1.5"]), /\.values: the operator Gt needs one integer/],
    [expression("Gt", ["9223372036854775808"]), /\.values: the operator Gt needs one integer/],
    [field("Exists", ["a"]), /matchFields\[0\]\.operator: a field is matched with In or NotIn/],
    [field("In", ["a", "b"]), /matchFields\[0\]\.values: expected exactly one name of a node/],
    [field("In", []), /matchFields\[0\]\.values: expected exactly one name of a node/],
    [field("In", ["Node_1"]), /matchFields\[0\]\.values\[0\]: expected the name of a node/],
    [
      field("In", ["a"], "spec.x"),
      /matchFields\[0\]\.key: the only field that can be matched is metadata\.name/,
    ],
    [toleration({ operator: "Exists", tolerationSeconds: 60 }), /\.tolerationSeconds: .*NoExecute/],
    [
      toleration({ operator: "Exists", tolerationSeconds: 60, effect: "NoSchedule" }),
      /tolerations\[0\]\.tolerationSeconds: only a toleration of the effect NoExecute has a time/,
    ],
    [[group("a", { "a..b/x": "y" })], /\[0\]\.node_selector/],
    [[group("a", { "a.-b/x": "y" })], /\[0\]\.node_selector/],
    [[group("a", { [`${"a".repeat(254)}/x`]: "y" })], /\[0\]\.node_selector/],
    [[group("a", { [`a/${"x".repeat(64)}`]: "y" })], /\[0\]\.node_selector/],
  ])("refuses %j, as Kubernetes does", (content, message) => {
    expect(refusals(content)).toHaveLength(1);
    expect(refusals(content).join("\n")).toMatch(message);
  });

  it.each([
    [expression("In", ["a", "b"])],
    [expression("Exists")],
    [expression("DoesNotExist", [])],
    [expression("Gt", ["16"])],
    [field("NotIn", ["node-1.example.org"])],
    [toleration({ operator: "Exists", effect: "NoExecute", tolerationSeconds: 60 })],
    [[group("a", { [`${"a".repeat(253)}/${"x".repeat(63)}`]: "y", "k8s.io/x": "", "0-a.b/X_y.z": "1" })]],
  ])("takes %j, as Kubernetes does", (content) => {
    expect(refusals(content)).toEqual([]);
  });

  it("takes JSON that is indented with tabs, and text that YAML would read otherwise", () => {
    const text = JSON.stringify([{ ...group("a"), display_name: "yes: # no" }], null, "\t");
    expect(readNodeGroups(text, "n.json")[0]?.display_name).toBe("yes: # no");
  });

  it("has a JSON Schema that names the three fields of an entry as required", () => {
    expect(nodeGroupsJsonSchema()).toMatchObject({
      type: "array",
      items: { required: ["slug", "display_name", "node_selector"], additionalProperties: false },
    });
  });
});
