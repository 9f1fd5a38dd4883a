/** The path of a dependency in another folder, relative to the chart's own; undefined for any other. */
export const linkedFolder = (repository: string): string | undefined =>
  /^file:\/\/(.+)$/.exec(repository)?.[1];
