import type { MarkdownIt } from "markdown-it";

/**
 * Has a Markdown parser take formulas between dollar signs for one token each, as the platform's pages do: what
 * looks like an image in `$n![k](m)$` is a factorial. As in Pandoc, an opening dollar sign has no space after
 * it, a closing one none before it and no digit after it, so that prices stay text.
 */
export function recognizeMath(parser: MarkdownIt): void {
  parser.inline.ruler.after("escape", "math", (state, silent) => {
    const formula = formulaAt(state.src, state.pos);
    if (formula === undefined) return false;
    if (!silent) state.push("math_inline", "math", 0).content = formula;
    state.pos += formula.length;
    return true;
  });
  parser.renderer.rules["math_inline"] = (tokens, index) =>
    parser.utils.escapeHtml(tokens[index]?.content ?? "");
}

const FORMULA = /\$\$(?:\\[\s\S]|[^\\$]|\$(?!\$))+\$\$|\$(?![\s$])(?:\\[\s\S]|[^\\$])*?(?<!\s)\$(?!\d)/y;

/** The formula that begins at an offset, with its dollar signs. */
function formulaAt(text: string, offset: number): string | undefined {
  if (text.charCodeAt(offset) !== 0x24) return undefined;
  FORMULA.lastIndex = offset;
  return FORMULA.exec(text)?.[0];
}
