import { extname } from "node:path";

/**
 * The address of a module beside the one that asks, for a process or a thread of its own. It has the asking
 * module's extension: sources end in `.ts`, the package's files in `.js`.
 * @param name its name without extension, such as `./host`
 * @param from the asking module's `import.meta.url`
 */
export const moduleBeside = (name: string, from: string): URL => new URL(`${name}${extname(from)}`, from);
