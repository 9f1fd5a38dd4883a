const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/**
 * Bytes of an amount of memory as Kubernetes writes it: `512M`, `1.5Gi`. Docker gives some letters another meaning
 * (`m` is a thousandth of a byte here and a mebibyte there), so only those are taken that no reader misreads.
 * @returns undefined where it is not such an amount
 */
export function bytesOf(quantity: string): number | undefined {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)(k|M|G|T|Ki|Mi|Gi|Ti)?$/.exec(quantity) ?? [];
  const factor = UNITS[unit];
  return number === undefined || factor === undefined ? undefined : Math.round(Number(number) * factor);
}
