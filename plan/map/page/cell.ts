import { whatIsFound } from "../found-text.ts";
import type { MapThing } from "../map-file.ts";
import { type MapRow, type MapState, nameOf } from "../rows.ts";
import { heldText, overrideText, STATE_WORDS, shortDigest, stagingText } from "../words.ts";
import { link, name, text, time } from "./html.ts";

/** What a stack has of a thing. */
export function cellHtml({ stack, environment, thing, states, differences, staging }: MapRow): string {
  const where = stack === environment ? "" : `<p class="stack">${name(stack)}</p>`;
  const notes = [
    ...(thing.held ? [noteHtml("held", heldText(thing.held))] : []),
    ...(staging ? [noteHtml("behind", stagingText(thing, staging))] : []),
    ...(thing.override ? [noteHtml("override", overrideText(thing.override))] : []),
    ...differences.map((one) => noteHtml(one.fate === "accepted" ? "deployed" : "drifted", whatIsFound(one))),
    ...(states.includes("unhealthy")
      ? [noteHtml("unhealthy", "the last deployment or a check of it failed")]
      : []),
    ...(thing.outside ? [noteHtml("outside", OUTSIDE[thing.outside])] : []),
  ];
  return `<div class="cell">${where}${versionHtml(thing, stack)}${sinceHtml(thing)}${usesHtml(thing)}${linksHtml(thing)}${notes.join("")}</div>`;
}

const OUTSIDE = {
  left: "it left the catalog, and is still on qBook",
  retired: "it was stopped, and its volumes are kept",
} as const;

function versionHtml(thing: MapThing, stack: string): string {
  const { version, image, digest, url } = thing;
  const parts = [
    ...(version === undefined ? [] : [`<span class="version">${name(version)}</span>`]),
    ...(image === undefined ? [] : [`<span class="image">${name(image)}</span>`]),
    ...(digest === undefined ? [] : [`<code title="${text(digest)}">${text(shortDigest(digest))}</code>`]),
    ...(url === undefined ? [] : [link("Open", url, ` ${thing.title ?? nameOf(thing)} of ${stack}`)]),
  ];
  return parts.length === 0 ? "" : `<p class="what">${parts.join(" ")}</p>`;
}

function sinceHtml({ since, held }: MapThing): string {
  if (held && !held.deployed) return "";
  return `<p class="since">since ${since === undefined ? "unknown" : time(since)}</p>`;
}

const MOST_USES = 4;

function usesHtml({ kind, uses }: MapThing): string {
  if (uses.length === 0) return "";
  const label =
    { course: "kernels", blog: "kernels", hub: "images", images: "menu" }[kind as string] ?? "uses";
  const more = uses.length > MOST_USES ? ` and ${uses.length - MOST_USES} more` : "";
  return `<p class="uses">${label}: ${uses.slice(0, MOST_USES).map(name).join(", ")}${more}</p>`;
}

/** What opens a course on hubs. */
function linksHtml({ links = [], title, id }: MapThing): string {
  if (links.length === 0) return "";
  const shown = links.map(({ hub, url }) => link(hub, url, ` opens ${title ?? id}`));
  return `<p class="uses">on hubs: ${shown.join(", ")}</p>`;
}

const noteHtml = (state: MapState, said: string) =>
  `<p class="note is-${state}"><strong>${STATE_WORDS[state]}</strong> ${name(said)}</p>`;
