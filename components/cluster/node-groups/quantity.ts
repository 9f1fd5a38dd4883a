/** Amounts by the names of Kubernetes' resources: cores of `cpu`, bytes of `memory`, devices. */
export type Amounts = Readonly<Record<string, number>>;

/** What a suffix of a Kubernetes quantity multiplies by. */
const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** A quantity that Kubernetes takes for a resource: `8`, `500m`, `32Gi`, `1e3`. */
export const QUANTITY = /^(\d+(?:\.\d*)?|\.\d+)(?:([numkMGTPE]|[KMGTPE]i)?|[eE]([+-]?\d{1,2}))$/;

/** The number that a Kubernetes quantity stands for: cores, bytes or devices; undefined where it is none. */
export function parseQuantity(text: unknown): number | undefined {
  if (typeof text === "number") return Number.isFinite(text) && text >= 0 ? text : undefined;
  const match = typeof text === "string" ? QUANTITY.exec(text.trim()) : null;
  if (!match) return undefined;
  const [, digits = "", suffix = "", exponent] = match;
  const factor = exponent === undefined ? SUFFIXES[suffix] : 10 ** Number(exponent);
  return factor === undefined ? undefined : rounded(Number(digits) * factor);
}

/** Kubernetes counts in thousandths where a number is small, and `0.1 * 3` is not 0.3. */
const rounded = (value: number) => (value < 1e9 ? Math.round(value * 1e9) / 1e9 : value);
