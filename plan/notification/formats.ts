import { inert, link, webAddress } from "../comment/text/inert.ts";
import { printable } from "../printable.ts";
import type { Format } from "./format-names.ts";
import type { Line, Notification } from "./notification.ts";

/** What is sent to a webhook. */
export function payloadOf(notification: Notification, format: Format, data: object): object {
  if (format === "slack") return slackPayload(notification);
  return format === "mattermost" ? mattermostPayload(notification) : { ...data, title: notification.title };
}

/**
 * A message of Slack's blocks, whose texts are shown as they are: Slack reads no mention, link or markup in them. The
 * text beside them, for the list of notifications, has no words of other people.
 */
function slackPayload({ title, sections, run }: Notification): object {
  const bold = { bold: true };
  const text = (content: string, style?: object) => ({
    type: "text",
    text: content,
    ...(style ? { style } : {}),
  });
  const item = ({ kind, name, url, rest }: Line) => {
    const address = url === undefined ? undefined : webAddress(url);
    const named =
      address === undefined
        ? text(printable(name), bold)
        : { type: "link", url: address, text: printable(name), style: bold };
    const elements = name === "" ? [text(rest)] : [text(`${printable(kind)} `), named, text(` ${rest}`)];
    return { type: "rich_text_section", elements };
  };
  const paragraph = (...elements: object[]) => ({ type: "rich_text_section", elements });
  const address = run === undefined ? undefined : webAddress(run);
  const elements = [
    paragraph(text(title, bold)),
    ...sections.flatMap(({ heading, lines }) => [
      paragraph(text(heading)),
      { type: "rich_text_list", style: "bullet", elements: lines.map(item) },
    ]),
    ...(address === undefined ? [] : [paragraph({ type: "link", url: address, text: "run" })]),
  ];
  return {
    text: title,
    mrkdwn: false,
    link_names: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks: [{ type: "rich_text", elements }],
  };
}

/** Mattermost refuses a post of more than 16,383 characters. */
const LIMIT = 16_000;

function mattermostPayload({ title, sections, run }: Notification): object {
  const lines = [
    `**${title}**`,
    ...sections.flatMap(({ heading, lines }) => ["", heading, "", ...lines.map(markdownLine)]),
    ...(run === undefined ? [] : ["", link("run", run)]),
  ];
  let length = 0;
  const kept = lines.filter((line) => {
    length += line.length + 1;
    return length <= LIMIT;
  });
  return { text: kept.join("\n") };
}

function markdownLine({ kind, name, url, rest }: Line): string {
  if (name === "") return `- ${rest}`;
  const shown = url === undefined ? still(name) : link(name.replaceAll("~", `~${JOINER}`), url);
  return `- ${still(kind)} **${shown}** ${rest}`;
}

/** U+2060 has no width; after a `~` it keeps Mattermost from linking a channel. */
const JOINER = "\u2060";
const still = (text: string) => inert(text.replaceAll("~", `~${JOINER}`));
