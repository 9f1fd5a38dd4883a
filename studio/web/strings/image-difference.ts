/** The texts of what differs between two images. */
export const differenceStrings = {
  title: (from: string, to: string) => `What changes from ${from} to ${to}`,
  asking: "The registry is asked what changes.",
  same: "Both tags name the same image.",
  unknown: "Neither labels nor package lists say what changes.",
  labels: (count: number) => `${counted(count, "label")} ${count === 1 ? "differs" : "differ"}`,
  packages: (count: number) => `${counted(count, "package")} ${count === 1 ? "differs" : "differ"}`,
  samePackages: "Both have the same packages.",
  noPackages: "No list of packages is attached to both images.",
  morePackages: (count: number) => `and ${count} more`,
  added: (value: string) => `added, ${value}`,
  removed: (value: string) => `removed, was ${value}`,
  changed: (before: string, after: string) => `${before} → ${after}`,
  layers: (from: string, to: string, shared: string, added: string) =>
    `Nodes that hold ${from} have ${shared} of ${to} already, and download ${added}.`,
  layersOf: (count: number, size: string) => `${counted(count, "layer")} (${size})`,
} as const;

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
