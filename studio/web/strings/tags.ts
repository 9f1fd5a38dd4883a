/** The texts of choosing an image from a repository's tags. */
export const tagStrings = {
  placeholder: "Name or tag",
  asking: "The registry is asked.",
  nothing: "No tag of the repository is like that.",
  more: (count: number) => `${count} more: write a part of the name to find them.`,
  noAge: "age unknown",
} as const;
