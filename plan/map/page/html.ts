import { escaped } from "../../../components/html.ts";
import { printable } from "../../printable.ts";
import { timeText } from "../words.ts";

/** Most texts have nothing to escape. */
const PLAIN = /^[\w .,:;/+-]*$/;

/** Text of other people, which shows and does nothing. */
export const text = (value: string): string =>
  PLAIN.test(value) ? value : escaped(printable(value.replaceAll(/\s+/g, " ")));

/** The same where it may have another direction than the page. */
export const name = (value: string): string => `<bdi>${text(value)}</bdi>`;

/** A link to the web, or its text alone. @param more what a screen reader says after the text */
export function link(label: string, address: string | undefined, more = ""): string {
  const url = address !== undefined && URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return name(label);
  const said = more === "" ? "" : ` aria-label="${text(`${label}${more}`)}"`;
  return `<a href="${text(url.href)}" rel="noreferrer"${said}>${name(label)}</a>`;
}

export const time = (instant: string): string =>
  `<time datetime="${text(instant)}">${text(timeText(instant))}</time>`;
