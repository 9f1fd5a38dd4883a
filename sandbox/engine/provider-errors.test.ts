import { expect, it } from "vitest";
import { ProviderErrors } from "./provider-errors.ts";

it("says at once what is no error, and an error only where no call tells of it", () => {
  const said: string[] = [];
  const errors = new ProviderErrors((text) => said.push(text));
  const print = (text: string) => {
    for (const line of text.split("\n")) errors.line(line);
  };
  print("(node:1) Warning: old");
  print(
    "LecternError: a.json: bad. Mend it.\nb.json: worse. Mend it.: LecternError: a.json\n    at check (x.ts:1:1)",
  );
  print("a plain line");
  print("TypeError: a bug: TypeError: a bug\n    at elsewhere (x.ts:2:2)");
  errors.expect("a.json: bad. Mend it.\nb.json: worse. Mend it.");
  errors.flush();
  expect(said).toEqual([
    "(node:1) Warning: old",
    "a plain line",
    "TypeError: a bug: TypeError: a bug\n    at elsewhere (x.ts:2:2)",
  ]);
});
