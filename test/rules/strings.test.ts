// biome-ignore-all lint/suspicious/noTemplateCurlyInString: sources that have templates
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";

const REPOSITORY = join(import.meta.dirname, "../..");

/** Attributes and properties that people read or hear; the others are for programs. */
const TEXTS =
  /^(aria-(label|description|roledescription|valuetext|placeholder)|title|placeholder|alt|label|help|message|remedy)$/;
/** The strings themselves, and what no browser loads. */
const STRINGS = /^studio\/web\/(strings(\.ts$|\/)|vite\.config\.ts$|.*\.test\.ts$)/;

it("the texts of the studio's page come from its strings, where translators find them", () => {
  const files = globSync("studio/web/**/*.{ts,tsx}", { cwd: REPOSITORY })
    .filter((file) => !STRINGS.test(file))
    .sort();
  expect(files).toContain("studio/web/shell/app.tsx");
  const found = files.flatMap((file) =>
    writtenIn(readFileSync(join(REPOSITORY, file), "utf8")).map(([line, text]) => `${file}:${line}: ${text}`),
  );
  expect(found).toEqual([]);
});

it.each([
  ["<p>No changes</p>", "No changes"],
  ["<p>{count} changes</p>", "changes"],
  ['<p>{isNew ? "New" : text.changed}</p>', "New"],
  ["<p>{name ?? `Changes of ${file}`}</p>", "Changes of"],
  ['<a title="Open" href="x">{text.open}</a>', "Open"],
  ['<Button aria-label={isOpen ? text.close : "Open it"} />', "Open it"],
  ["<input placeholder={`at ${time}`} />", "at"],
  ['<Entry {...{ label: "Name" }} />', "Name"],
  ['const problem = { code: "gone", message: `there is no ${name}` }', "there is no"],
])("%s has a text of its own", (source, text) => {
  expect(writtenIn(source)).toEqual([[1, text]]);
});

it.each([
  '<a className="button wide" href="profiles" aria-current="page">{text.open} → {`${size}`}</a>',
  '<p>{names.map((name) => <b key={`a ${name}`} id="first">{strings.of(name, "profiles")}</b>)} · {", "}</p>',
  '<Button aria-label={text.drag("left")} slot="drag" isDisabled={state === "busy"} />',
])("%s has none", (source) => expect(writtenIn(source)).toEqual([]));

/** What the elements of a source say without the strings: its line and the text. */
function writtenIn(source: string): [line: number, text: string][] {
  const file = ts.createSourceFile("x.tsx", source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: [number, string][] = [];
  const note = (node: ts.Node, text: string) => {
    const line = file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
    if (/\p{L}/u.test(text)) found.push([line, text.trim()]);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) note(node, node.text);
    for (const shown of shownBy(node)) for (const part of literalsOf(shown)) note(part, part.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** The value that a node shows to people, where it is one. */
function shownBy(node: ts.Node): ts.Expression[] {
  if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent))
    return node.expression ? [node.expression] : [];
  if (ts.isJsxAttribute(node) && TEXTS.test(node.name.getText())) {
    const value = node.initializer;
    if (value === undefined) return [];
    if (!ts.isJsxExpression(value)) return [value];
    return value.expression ? [value.expression] : [];
  }
  if (ts.isPropertyAssignment(node) && TEXTS.test(nameOf(node.name))) return [node.initializer];
  return [];
}

const nameOf = (name: ts.PropertyName) =>
  ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : "";

/** The texts that a value may be. Of a call, its arguments are not shown. */
function literalsOf(value: ts.Expression): ts.LiteralLikeNode[] {
  if (ts.isStringLiteralLike(value)) return [value];
  if (ts.isTemplateExpression(value)) {
    const spans = value.templateSpans.flatMap(({ expression, literal }) => [
      ...literalsOf(expression),
      literal,
    ]);
    return [value.head, ...spans];
  }
  if (ts.isParenthesizedExpression(value)) return literalsOf(value.expression);
  if (ts.isConditionalExpression(value)) return [value.whenTrue, value.whenFalse].flatMap(literalsOf);
  if (!ts.isBinaryExpression(value)) return [];
  const sides = isJoined(value.operatorToken.kind) ? [value.left, value.right] : [];
  return sides.flatMap(literalsOf);
}

const isJoined = (operator: ts.SyntaxKind) =>
  [
    ts.SyntaxKind.BarBarToken,
    ts.SyntaxKind.QuestionQuestionToken,
    ts.SyntaxKind.AmpersandAmpersandToken,
    ts.SyntaxKind.PlusToken,
  ].includes(operator);
