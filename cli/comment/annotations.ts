import type { Problem } from "../../components/problem/problem.ts";

/** Problems as annotations of GitHub Actions, errors first: GitHub shows ten of each a step. */
export function annotationLines(problems: readonly Problem[]): string[] {
  const rank = ({ severity }: Problem) => (severity === "error" ? 0 : 1);
  return [...problems].sort((a, b) => rank(a) - rank(b)).map(annotationOf);
}

function annotationOf({ severity, file, line, column, path, message, remedy, code }: Problem): string {
  const place = Object.entries({ file, line, col: column, title: path ?? code }).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${property(String(value))}`],
  );
  return `::${severity} ${place.join(",")}::${commandData(`${message}. ${remedy}`)}`;
}

/** A command's text as GitHub's own toolkit escapes it; the older form of a command is one anywhere in a line. */
export const commandData = (text: string) =>
  text.replaceAll("##[", "# #[").replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");

const property = (text: string) => commandData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
