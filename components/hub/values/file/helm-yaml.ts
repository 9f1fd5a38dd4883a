import {
  binaryTag,
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  loadAll,
  mapTag,
  mergeTag,
  NOT_RESOLVED,
  Schema,
  seqTag,
  strTag,
} from "js-yaml";

/**
 * Every document of a YAML text, with the values that Helm would read: its parser follows YAML 1.1, so that `yes`
 * and `on` are true and 0755 is octal, and turns everything into JSON, where all numbers are floats.
 * @throws {YAMLException} of js-yaml, at the first fault
 */
export function loadAsHelm(text: string): unknown[] {
  return loadAll(text, { schema: HELM_SCHEMA });
}

const CORE = "tag:yaml.org,2002:";
const SIGN_OR_DIGIT = [..."+-0123456789"];
const words = (...lower: string[]) =>
  lower.flatMap((word) => [word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()]);

const NULLS = new Set(["", "~", ...words("null")]);
const BOOLEANS = new Map([
  ...words("y", "yes", "true", "on").map((word) => [word, true] as const),
  ...words("n", "no", "false", "off").map((word) => [word, false] as const),
]);
const NOT_FINITE = new Set(["", "+", "-"].flatMap((sign) => [`${sign}.inf`, `${sign}.Inf`, `${sign}.INF`]));
for (const nan of [".nan", ".NaN", ".NAN"]) NOT_FINITE.add(nan);

const nullTag = defineScalarTag(`${CORE}null`, {
  implicit: true,
  implicitFirstChars: ["", "~", "n", "N"],
  resolve: (text) => (NULLS.has(text) ? null : NOT_RESOLVED),
  identify: () => false,
});

const booleanTag = defineScalarTag(`${CORE}bool`, {
  implicit: true,
  implicitFirstChars: [..."yYnNtTfFoO"],
  resolve: (text) => BOOLEANS.get(text) ?? NOT_RESOLVED,
  identify: () => false,
});

const integerTag = defineScalarTag(`${CORE}int`, {
  implicit: true,
  implicitFirstChars: SIGN_OR_DIGIT,
  resolve: (text) => integer(text) ?? NOT_RESOLVED,
  identify: () => false,
});

const floatTag = defineScalarTag(`${CORE}float`, {
  implicit: true,
  implicitFirstChars: [...SIGN_OR_DIGIT, "."],
  resolve: (text, isExplicit) => float(text) ?? (isExplicit ? integer(text) : undefined) ?? NOT_RESOLVED,
  identify: () => false,
});

/** Helm takes the bytes as a text. */
const bytesTag = defineScalarTag(`${CORE}binary`, {
  resolve: (text, isExplicit, tag) => {
    const bytes = binaryTag.resolve(text, isExplicit, tag);
    return bytes === NOT_RESOLVED ? NOT_RESOLVED : Buffer.from(bytes).toString("utf8");
  },
  identify: () => false,
});

const listTag = defineSequenceTag<unknown[]>(`${CORE}seq`, {
  create: seqTag.create,
  addItem: (list, item) => {
    list.push(item);
    return notFinite(item);
  },
  identify: () => false,
});

const objectTag = defineMappingTag<Record<string, unknown>>(`${CORE}map`, {
  ...mapTag,
  addPair: (map, key, value) => {
    if (key === null) return "null is no key: Helm refuses it";
    return notFinite(value) || mapTag.addPair(map, key, value);
  },
  identify: () => false,
});

const notFinite = (value: unknown) =>
  typeof value === "number" && !Number.isFinite(value) ? "a value is infinite or not a number" : "";

const HELM_SCHEMA = new Schema([
  strTag,
  nullTag,
  booleanTag,
  integerTag,
  floatTag,
  bytesTag,
  mergeTag,
  listTag,
  objectTag,
]);

const INTEGER = /^([-+]?)(?:(0[xX][\da-fA-F]+)|(0[oO][0-7]+)|(0[bB][01]+)|0([0-7]+)|(0|[1-9]\d*))$/;
const SIGNED_LIMIT = 2n ** 63n;

/** An integer as Go's strconv reads it, whose numbers have 64 bits; undefined where the text is none. */
function integer(text: string): number | undefined {
  const [match, sign, hexadecimal, octal, binary, oldOctal, decimal] =
    INTEGER.exec(text.replaceAll("_", "")) ?? [];
  if (match === undefined) return undefined;
  const based = hexadecimal ?? octal ?? binary;
  const digits = based?.toLowerCase() ?? (oldOctal === undefined ? decimal : `0o${oldOctal}`) ?? "";
  const size = BigInt(digits);
  const limit = sign === "" ? 2n * SIGNED_LIMIT - 1n : sign === "-" ? SIGNED_LIMIT : SIGNED_LIMIT - 1n;
  if (size > limit) return undefined;
  return Number(sign === "-" ? -size : size);
}

const FLOAT = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/;
/** Of what begins with a point, Go's own parser decides, to which underscores are between digits. */
const POINT_FIRST = /^\.\d+(_\d+)*([eE][-+]?\d+(_\d+)*)?$/;

/** A float as Helm's parser reads it; NaN where the text says infinity, which JSON has no word for. */
function float(text: string): number | undefined {
  if (NOT_FINITE.has(text)) return Number.NaN;
  const plain = text.replaceAll("_", "");
  if (!(text.startsWith(".") ? POINT_FIRST.test(text) : FLOAT.test(plain))) return undefined;
  const value = Number(plain);
  return Number.isFinite(value) ? value : undefined;
}
