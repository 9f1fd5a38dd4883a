import { readContents } from "../../components/article/contents.ts";
import type { Catalog } from "../catalog.ts";

/** Which articles of a catalog name a kernel: display name to ids such as `course/bell-states`. */
export async function namedKernels(catalog: Catalog): Promise<Map<string, string[]>> {
  const entries = [
    ...catalog.courses.map((entry) => ({ ...entry, kind: "course" as const })),
    ...catalog.blogs.map((entry) => ({ ...entry, kind: "blog" as const })),
  ];
  const contents = await Promise.all(entries.map(({ folder, kind }) => readContents(folder, kind)));
  const named = new Map<string, string[]>();
  entries.forEach(({ kind, name }, index) => {
    for (const kernel of contents[index]?.kernels ?? []) {
      named.set(kernel, [...(named.get(kernel) ?? []), `${kind}/${name}`]);
    }
  });
  return named;
}
