import { expect, it } from "vitest";
import { ProviderErrors } from "./provider-errors.ts";

it("reports at once what is not an error, and an error only if no call reports it", () => {
  const said: string[] = [];
  const errors = new ProviderErrors((text) => said.push(text));
  const print = (text: string) => {
    for (const line of text.split("\n")) errors.line(line);
  };
  print("(node:1) Warning: old");
  print(
    "LecternError: a.json: bad. Fix it.\nb.json: worse. Fix it.: LecternError: a.json\n    at check (x.ts:1:1)",
  );
  print("a plain line");
  print("TypeError: a bug: TypeError: a bug\n    at elsewhere (x.ts:2:2)");
  errors.expect("a.json: bad. Fix it.\nb.json: worse. Fix it.");
  errors.flush();
  expect(said).toEqual([
    "(node:1) Warning: old",
    "a plain line",
    "TypeError: a bug: TypeError: a bug\n    at elsewhere (x.ts:2:2)",
  ]);
});
