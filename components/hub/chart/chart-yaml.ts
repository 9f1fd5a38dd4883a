import { z } from "zod";
import { LecternError } from "../../problem/problem.ts";
import { parseYaml } from "../../problem/yaml-file.ts";
import { zodProblems } from "../../problem/zod.ts";

const text = z.string({
  error: ({ input }) => (input === undefined ? undefined : "expected a text: put quotes around it"),
});

/** What of `Chart.yaml` counts here; Helm knows more keys. */
const chartYaml = z.object({
  apiVersion: z.enum(["v1", "v2"]),
  name: text.regex(/^[a-zA-Z0-9._-]+$/, "expected letters, digits, ., - and _"),
  version: text.regex(
    /^v?\d+(\.\d+){0,2}(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/,
    "expected a version such as 1.2.3",
  ),
  appVersion: text.optional(),
  type: z
    .string()
    .refine((type) => type !== "library", "a library chart can't be installed")
    .optional(),
  dependencies: z
    .array(z.object({ name: text, version: text.optional(), repository: text.optional() }))
    .nullish(),
});

/** `Chart.yaml`, as far as it counts here. */
export interface ChartYaml {
  readonly name: string;
  readonly version: string;
  /** The version of what the chart installs. */
  readonly appVersion?: string;
  readonly dependencies: readonly ChartDependency[];
}

/** Another chart that a chart brings along. */
export interface ChartDependency {
  readonly name: string;
  readonly version?: string;
  /** `https://…`, `oci://…` or `file://../other`. */
  readonly repository?: string;
}

/** @throws {LecternError} with every problem, each with its line */
export function readChartYaml(content: string, file: string): ChartYaml {
  const yaml = parseYaml(content, file);
  if (yaml.problems.length > 0) throw new LecternError(yaml.problems);
  const parsed = chartYaml.safeParse(yaml.value ?? {});
  if (!parsed.success) throw new LecternError(zodProblems(parsed.error, { file, locate: yaml.locate }));
  const { name, version, appVersion, dependencies } = parsed.data;
  return {
    name,
    version,
    ...(appVersion === undefined ? {} : { appVersion }),
    dependencies: (dependencies ?? []).map(({ name, version, repository }) => ({
      name,
      ...(version === undefined ? {} : { version }),
      ...(repository === undefined ? {} : { repository }),
    })),
  };
}
