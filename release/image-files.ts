/** What the image of the command line is built from beside the package, by the name in its folder. */
export const IMAGE_FILES: Readonly<Record<string, string>> = {
  Dockerfile: "release/Dockerfile",
  "package.json": "package.json",
  "package-lock.json": "package-lock.json",
  "create-lectern.json": "packages/create-lectern/package.json",
};
