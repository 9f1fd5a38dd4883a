import type { ReactNode } from "react";
import { shortDigest, timeText } from "../../../../plan/map/words.ts";
import { strings } from "../../strings.ts";

/** A time, in UTC as reports have it. */
export const When = ({ at }: { readonly at: string }) => <time dateTime={at}>{timeText(at)}</time>;

/** The beginning of a digest; the whole of it on hovering, and for a screen reader that asks. */
export const Digest = ({ value }: { readonly value: string }) => (
  <code title={value}>{shortDigest(value)}</code>
);

/** A link to the web in another tab, or nothing. @param of what is opened, for a screen reader */
export function Open({ url, of }: { readonly url: string | undefined; readonly of: string }) {
  const isWeb = url !== undefined && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
  if (!isWeb) return null;
  return (
    <a href={url} target="_blank" rel="noreferrer" aria-label={strings.map.openOf(of)}>
      {strings.map.open}
    </a>
  );
}

/** Something that is not as the catalog has it, and why. */
export const Note = (props: {
  readonly state: string;
  readonly label: string;
  readonly children: ReactNode;
}) => (
  <p className={`map-note is-${props.state}`}>
    <strong>{props.label}</strong> <bdi>{props.children}</bdi>
  </p>
);
