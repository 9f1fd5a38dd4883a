/** What `lectern comment` is called with. */
export interface CommentOptions {
  readonly plan?: string;
  readonly preview: readonly string[];
  readonly received?: string;
  readonly problems?: string;
  readonly base?: string;
  readonly head?: string;
  readonly commit?: string;
  readonly runUrl?: string;
  readonly artifactUrl?: string;
  readonly credentials: boolean;
  readonly notPreviewed?: string;
  readonly output?: string;
  readonly whole?: string;
  readonly artifact?: string;
  readonly views?: string;
  readonly annotations?: boolean;
  readonly from?: string;
  readonly post?: boolean;
  readonly repository?: string;
  readonly number?: number;
  readonly author?: string;
  readonly json?: boolean;
}
