import type { Outcome } from "../outcome.ts";

const imported = (layout: string, ...examples: string[]): Outcome => ({
  examples,
  success: "the catalog is written; what could not be carried over is listed",
  failure: `the folder has not ${layout}'s layout, or a file to write exists already; nothing is written`,
  json:
    "`written`: the files, relative to the catalog; `notes`: what was not carried over, as problems; `imports`: the " +
    "`pulumi import` command of each running release",
});

/** How the commands of `lectern import` end. */
export const IMPORT_OUTCOMES: Readonly<Record<string, Outcome>> = {
  "import hubploy": imported(
    "HubPloy",
    "import hubploy ../our-hubs",
    "import hubploy ../our-hubs --chart hub",
  ),
  "import articles": {
    examples: [
      "import articles --stack prod --id 65f1c0 --from ../bell-states",
      "import articles --stack prod --type blog --id 65f1c1 65f1c2 --from ../random-walks ../dice",
    ],
    success: "the articles are in the catalog, and the stack's file adopts them",
    failure:
      "qBook has no such article, a course.json can't be read, or a file exists already; nothing is written",
    json:
      "`articles`: one entry per article with `id`, `customId`, `folder`, `status` and `url` as qBook tells them, and `left`, " +
      "the files of the author's folder that are no part of it; `stackFile`; `unknownKernels`: display names that no kernel " +
      "of the catalog and no setting has",
  },
  "import gateway": {
    examples: [
      "import gateway main --stack staging",
      "import gateway main --stack staging --except python_docker",
      "import gateway main --stack staging --from file:///srv/kernels --only python-science",
    ],
    success: "the kernels are in the catalog, and the stack's file adopts them",
    failure:
      "a kernel has what kernel.yaml has no place for, a file exists already, or a host can't be read; nothing is written",
    json:
      "`written`: the files; `stackFile`: the stack's file, where it was changed; `secrets`: one entry per variable that " +
      "looks like a secret, with `kernel`, `variable`, `place` (the file that has its value) and `command`; `managed`: " +
      "kernels that were left out because they belong to a stack, with that stack",
  },
  "import 2i2c": imported("2i2c", "import 2i2c ../infrastructure --out catalog"),
};
