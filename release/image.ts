import { copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { IMAGE_FILES } from "./image-files.ts";

// `node release/image.ts PACKAGE FOLDER`: makes the folder that the image of the command line is built from.
const ROOT = join(import.meta.dirname, "..");
const [packed, folder] = process.argv.slice(2);
if (packed === undefined || folder === undefined) {
  throw new Error("expected the packed package, and the folder to make");
}
mkdirSync(folder, { recursive: true });
copyFileSync(packed, join(folder, "lectern.tgz"));
for (const [name, path] of Object.entries(IMAGE_FILES)) copyFileSync(join(ROOT, path), join(folder, name));
