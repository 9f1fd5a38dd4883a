/** Where Kubernetes keeps quantities, which it writes in a form of its own. */
const PLACES =
  /(^|\.)(limits|requests|capacity|hard|overhead|default|defaultRequest|max|min)(\.[^.[\]]+|\["[^"]+"\])$|(^|\.)(sizeLimit|divisor|averageValue|storage|maxStorage|podFixed)$/;

const FACTORS: Readonly<Record<string, readonly [base: bigint, exponent: number]>> = {
  n: [10n, -9],
  u: [10n, -6],
  m: [10n, -3],
  "": [10n, 0],
  k: [10n, 3],
  M: [10n, 6],
  G: [10n, 9],
  T: [10n, 12],
  P: [10n, 15],
  E: [10n, 18],
  Ki: [2n, 10],
  Mi: [2n, 20],
  Gi: [2n, 30],
  Ti: [2n, 40],
  Pi: [2n, 50],
  Ei: [2n, 60],
};

const QUANTITY = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,3})|(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei))?$/;

/** Whether a path leads to a quantity, such as `…resources.limits.cpu`. */
export const isQuantityAt = (path: string): boolean => PLACES.test(path);

/** Whether two quantities are the same amount: `1000m` is `1`, and `1Gi` is `1024Mi`. */
export function sameQuantity(one: unknown, other: unknown): boolean {
  const [a, b] = [amountOf(one), amountOf(other)];
  return a !== undefined && a === b;
}

/** As Kubernetes does, rounds up what is finer than a billionth. */
function amountOf(value: unknown): bigint | undefined {
  if (typeof value !== "string" && typeof value !== "number") return undefined;
  const found = QUANTITY.exec(String(value));
  if (!found) return undefined;
  const [, sign, whole = "", fraction = "", exponent, suffix = ""] = found;
  if (whole === "" && fraction === "") return undefined;
  const [base, power] = exponent === undefined ? (FACTORS[suffix] ?? [10n, 0]) : [10n, Number(exponent)];
  const digits = BigInt(`${whole}${fraction}`) * BILLION * (power >= 0 ? base ** BigInt(power) : 1n);
  const divisor = 10n ** BigInt(fraction.length) * (power < 0 ? base ** BigInt(-power) : 1n);
  const amount = (digits + divisor - 1n) / divisor;
  return sign === "-" ? -amount : amount;
}

const BILLION = 10n ** 9n;
