import { expect, it } from "vitest";
import { failureText, keepsText, staysText } from "../../components/proof/result/failure-text.ts";
import { viewFile, viewIn } from "./preview/view-file.ts";
import { commentOf, DIGEST, view } from "./testing/some-comment.ts";

it("tells which notebook holds an alias, and counts it", () => {
  const failure = {
    course: "course/bell",
    notebook: "two qubits.ipynb",
    cell: 4,
    error: "NameError: name 'execute' is not defined",
    image: DIGEST("2"),
    others: 0,
  };
  const stays = (entry: string) =>
    ["warning", `images/${entry}: ${staysText("recommended", entry, failureText(failure))}`] as const;
  const found = { ...view({ messages: [stays("campus/lab")] }), things: [] };
  const text = commentOf({ previews: [found] });
  expect(text).toContain("1 held");
  expect(text).toContain("**Held by a notebook: the alias stays where it is.**");
  expect(text).toContain(
    "- ⏸ images **campus/lab** (`images/campus/lab`): course **bell**, `two qubits.ipynb`, cell 4: ",
  );
  expect(text).not.toMatch(/warning|found no difference/);
  expect(viewIn(JSON.parse(viewFile(found)), "view.json")).toEqual(found);
});

it("tells which notebook holds a kernel's image, where it fails, and how to let it through", () => {
  const failure = {
    course: "course/bell",
    notebook: "notebooks/two qubits.ipynb",
    cell: 4,
    error: "NameError: name 'execute' is not defined (on line 2) on x",
    image: DIGEST("2"),
    others: 2,
    changes: ["qiskit (pypi) 1.4.5 → 2.2.3"],
  };
  const keeps = (name: string, cell: object) =>
    `${name}: ${keepsText(name, DIGEST("1"), failureText({ ...failure, ...cell }))}`;
  const messages = [keeps("python", {}), keeps("python", {}), keeps("other", { cell: undefined, error: "" })];
  const found = view({ messages: messages.map((message) => ["warning", message] as const) });
  const text = commentOf({ previews: [found] });
  expect(text).toContain("### Staging: 2 to update, 2 held");
  expect(text).toContain("**Held by a notebook: the kernel keeps its image.**");
  expect(text).toContain(
    "- ⏸ kernel **python** (`kernel/python`): course **bell**, `notebooks/two qubits.ipynb`, cell 4: " +
      "`NameError: name 'execute' is not defined (on line 2) on x`; on `ghcr.io/x/science@sha256:222222222222…`; " +
      "2 more fail; changed with the image: qiskit (pypi) 1.4.5 → 2.2.3 (staging)",
  );
  expect(text).toContain(
    "kernel **other** (`kernel/other`): course **bell**, `notebooks/two qubits.ipynb`: on `",
  );
  expect(text).not.toMatch(/warning/);
  expect(viewIn(JSON.parse(viewFile(found)), "view.json")).toEqual(found);
});
