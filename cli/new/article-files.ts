import type { CourseJson } from "../../components/article/source/course/course-schema.ts";

/** The kernel that a new article's notebook runs on. */
export interface KernelChoice {
  /** Its folder in the catalog. */
  readonly name: string;
  readonly displayName: string;
  readonly language: string;
}

const NOTEBOOK = "notebooks/01-introduction.ipynb";

/** The files of a new course or blog, by path in its folder: one chapter, with a notebook to write on in. */
export function articleFiles(title: string, kernel: KernelChoice): Record<string, string> {
  return { "course.json": json(courseJson(title, kernel)), [NOTEBOOK]: json(notebook(title, kernel)) };
}

function courseJson(title: string, { name, displayName }: KernelChoice): CourseJson {
  return {
    courseName: title,
    courseDescription: "",
    visibility: "public",
    imageLink: { darkLogo: "", lightLogo: "" },
    tags: [],
    deployedTo: ["qbraid.com"],
    content: [
      {
        chapterNumber: 1,
        chapterName: "Introduction",
        chapterFileName: "01-introduction.ipynb",
        baseFilePath: NOTEBOOK,
        kernelName: name,
        kernelId: displayName,
      },
    ],
  };
}

function notebook(title: string, { name, displayName, language }: KernelChoice): object {
  const source = [`# ${title}\n`, "\n", "Write the first paragraph here."];
  const code = {
    cell_type: "code",
    id: "first",
    metadata: {},
    execution_count: null,
    outputs: [],
    source: [],
  };
  return {
    cells: [{ cell_type: "markdown", id: "title", metadata: {}, source }, code],
    metadata: { kernelspec: { display_name: displayName, language, name } },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
