/** What a text is in JSON; undefined where it is none. It says no more: the parser's message would quote a secret. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
