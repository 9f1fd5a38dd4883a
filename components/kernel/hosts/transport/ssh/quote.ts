/** What no POSIX shell gives a meaning to. */
const PLAIN = /^[A-Za-z0-9_./:@%+,-]+$/;

/**
 * One command line for a POSIX shell that runs exactly these arguments: the only place where a
 * command string is made. Within single quotes a shell gives no character a meaning but the quote.
 * @throws {RangeError} where an argument can't be passed to a program at all
 */
export function quote(argv: readonly [string, ...string[]]): string {
  return argv.map(quoteArgument).join(" ");
}

function quoteArgument(argument: string, position: number): string {
  if (argument.includes("\0")) throw new RangeError("a program's argument can't contain a NUL character");
  if (!argument.isWellFormed()) throw new RangeError("a program's argument has to be valid Unicode");
  // A plain first word could still be an assignment, an alias or a shell's keyword.
  const plain = position > 0 && PLAIN.test(argument);
  return plain ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}
