/* The names in the format of `course.json`, without its schema, which takes long to load. A test compares both. */

/** Where an article may be published. */
export const DEPLOYMENT_TARGETS = ["qbraid.com", "quera.com", "qunorth.com"] as const;

const LESSON = ["baseFilePath", "kernelName", "kernelId"];

/** The keys that each object must have, by its path without indexes. */
export const REQUIRED_KEYS = {
  "": ["courseName", "courseDescription", "visibility", "imageLink", "tags", "deployedTo", "content"],
  imageLink: ["darkLogo", "lightLogo"],
  certificateSettings: ["enabled", "criteria"],
  "certificateSettings.criteria": ["type", "value"],
  content: ["chapterName", "chapterFileName", "chapterNumber", ...LESSON],
  "content.sections": ["sectionNumber", "sectionName", ...LESSON],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** The keys that it may have too. */
export const OPTIONAL_KEYS: Readonly<Record<string, readonly string[]>> = {
  "": ["certificateSettings"],
  content: ["filePath", "sections"],
  "content.sections": ["filePath"],
};

const KEYS = new Map<string, readonly string[]>(
  Object.entries(REQUIRED_KEYS).map(([path, keys]) => [path, [...keys, ...(OPTIONAL_KEYS[path] ?? [])]]),
);

/** Every key that the format has, wherever it has it. */
export const ALL_KEYS: ReadonlySet<string> = new Set([...KEYS.values()].flat());

/** The keys that an object at a path may have; the path has `content` and so on, and numbers. */
export function keysAt(path: readonly PropertyKey[]): readonly string[] {
  return KEYS.get(path.filter((step) => typeof step === "string").join(".")) ?? [];
}
