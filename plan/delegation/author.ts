/** Who made a change. */
export interface Author {
  /** On GitHub, without an @. */
  readonly login: string;
  /** The teams that they are a member of, such as `my-organization/physics`; undefined where that isn't known. */
  readonly teams?: readonly string[];
}

const LOGIN = /^[a-z\d](-?[a-z\d]){0,38}(\[bot\])?$/i;

/** Whether a text can be a login of GitHub. */
export const isLogin = (text: string): boolean => LOGIN.test(text);

/** Why nothing can be an author's to decide; undefined where something may be. */
export const authorProblem = ({ login }: Author): string | undefined =>
  isLogin(login) ? undefined : `the author ${JSON.stringify(login)} is no login of GitHub`;

/** Which of some handles is the author's, or a team of theirs. GitHub ignores the case of both. */
export function handleOf({ login, teams = [] }: Author, handles: readonly string[]): string | undefined {
  const own = new Set([login, ...teams].map((name) => `@${name.toLowerCase()}`));
  return handles.find((handle) => own.has(handle.toLowerCase()));
}

/** The teams among handles, where the author's teams are not known. */
function unknownTeams({ teams }: Author, handles: readonly string[]): readonly string[] {
  return teams === undefined ? handles.filter((handle) => /^@[^/]+\//.test(handle)) : [];
}

/** What a refusal adds where a team could have made the difference. */
export function teamsHint(author: Author, handles: readonly string[]): string {
  const teams = unknownTeams(author, handles);
  return teams.length === 0 ? "" : `; whether ${author.login} is in ${teams.join(" or ")} is not known`;
}
