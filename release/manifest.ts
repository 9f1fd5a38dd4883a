/** A package.json, as far as the packages' are made from the repository's. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly main?: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly engines: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Where the sources of a package are; npm wants it for provenance. */
export interface Repository {
  /** Such as `https://github.com/my-organization/lectern`. */
  readonly url: string;
  /** The package's folder in it. */
  readonly directory?: string;
  /** The commit that a package is made of. */
  readonly commit: string;
}

/**
 * The package.json of what is published: that of the repository, with JavaScript and declarations in the place of
 * sources, without what only development needs. Nothing runs when it is installed.
 */
export function publishedManifest(own: Manifest, repository?: Repository): Record<string, unknown> {
  const { name, version, description, license, main, bin, engines, exports, dependencies } = own;
  return {
    name,
    version,
    description,
    license,
    ...(repository && originOf(repository)),
    type: "module",
    ...(main !== undefined && { main: compiled(main), types: declarationsOf(main) }),
    ...(exports && { exports: Object.fromEntries(Object.entries(exports).map(exported)) }),
    bin: Object.fromEntries(Object.entries(bin).map(([command, file]) => [command, compiled(file)])),
    engines,
    ...(dependencies && { dependencies }),
    publishConfig: { access: "public" },
  };
}

/** `gitHead` is where npm itself writes it. */
const originOf = ({ url, directory, commit }: Repository) => ({
  repository: { type: "git", url: `git+${url}.git`, ...(directory !== undefined && { directory }) },
  gitHead: commit,
});

function exported([name, file]: [string, string]): [string, unknown] {
  return [name, isSource(file) ? { types: declarationsOf(file), default: compiled(file) } : file];
}

const isSource = (file: string) => file.endsWith(".ts");
const compiled = (file: string) => file.replace(/\.ts$/, ".js");
const declarationsOf = (file: string) => file.replace(/\.ts$/, ".d.ts");
