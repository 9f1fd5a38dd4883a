/** No registry keeps a longer tag: one that is longer is unknown, whatever it looks like. */
export const LONGEST_TAG = 128;

// Registries hold ten thousands of tags: groups are counted, because named ones cost several times more.
const ARCH = "(?:-([a-z0-9]+))?$";
const SUFFIX = `(?:_c(\\d+)\\.(\\d+))?(?:_rsp(\\d+))?(?:_(.+?))?${ARCH}`;
export const CANDIDATE = new RegExp(`^r(\\d+)_(\\d+)_(\\d+)_(rc\\d+)${SUFFIX}`);
export const RELEASE = new RegExp(`^r(\\d+)_(\\d+)_(\\d+)${SUFFIX}`);
export const LEGACY_RELEASE = /^r(\d\d)(\d)$/;
export const WEEKLY = new RegExp(`^w_(\\d+)_(\\d+)${SUFFIX}`);
export const DAILY = new RegExp(`^d_(\\d+)_(\\d+)_(\\d+)${SUFFIX}`);
const ANY_WITH_CYCLE = new RegExp(`^(.*?)_c(\\d+)${ARCH}`);
const ANY = new RegExp(`^(.*?)${ARCH}`);

/** What follows a base, as it is written. */
export interface Suffix {
  readonly cycle?: string | undefined;
  readonly cycleBuild?: string | undefined;
  readonly rspBuild?: string | undefined;
  readonly rest?: string | undefined;
  readonly arch?: string | undefined;
}

/** What any text is: a base, perhaps a cycle, perhaps an architecture. */
export function anyParts(text: string): { base: string; suffix: Suffix } {
  if (text.length > LONGEST_TAG) return { base: text, suffix: {} };
  const withCycle = ANY_WITH_CYCLE.exec(text);
  if (withCycle !== null && isCount(withCycle[2])) {
    return { base: withCycle[1] ?? "", suffix: { cycle: withCycle[2], arch: withCycle[3] } };
  }
  const match = ANY.exec(text);
  return { base: match?.[1] ?? text, suffix: { arch: match?.[2] } };
}

/** The five parts from this group on; undefined where a number is too great to be counted exactly. */
export function suffixOf(match: RegExpExecArray, from: number): Suffix | undefined {
  const suffix = {
    cycle: match[from],
    cycleBuild: match[from + 1],
    rspBuild: match[from + 2],
    rest: match[from + 3],
    arch: match[from + 4],
  };
  return isCount(suffix.cycle) && isCount(suffix.cycleBuild) && isCount(suffix.rspBuild) ? suffix : undefined;
}

/** Whether digits are few enough to be counted exactly. */
export const isCount = (digits: string | undefined) => digits === undefined || digits.length < 16;
