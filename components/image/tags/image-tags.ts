/**
 * The tags of a repository that name images: without those under which tools keep what belongs to an image, such as
 * a signature (`sha256-<digest>.sig`), a list of packages (`.sbom`) or a proof of a notebook (`.proof-<key>`).
 */
export const imageTags = (tags: readonly string[]): string[] => tags.filter((tag) => !ARTIFACT.test(tag));

const ARTIFACT = /^sha256-[0-9a-f]{64}\./;
