import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { textOf } from "../../cluster/cluster-files.ts";
import { digestOf } from "../../digest.ts";
import { type Network, NoAnswer, request } from "../../http/request.ts";
import type { Problem } from "../../problem/problem.ts";
import type { CalendarSource } from "./calendar-source.ts";

/** Where calendars on the web come from. */
export interface SourceOptions {
  /** Undefined reaches no network: what was fetched last is used. */
  readonly network?: Network;
  /** The folder of the copies that were fetched last. */
  readonly copies: string;
}

/** The text of a source; undefined where it can't be had, or is not to be fetched. */
export interface SourceText {
  readonly text?: string;
  readonly problems: readonly Problem[];
}

const LARGEST = 10 * 2 ** 20;
const TIMEOUT = 10_000;

export async function textOfSource(source: CalendarSource, options: SourceOptions): Promise<SourceText> {
  const { from, at } = source;
  if ("url" in from) return textOfUrl(from.url, source, options);
  const text = await textOf(from.file);
  if (text !== undefined) return { text, problems: [] };
  const about = { code: "missing-file", message: `there is no file ${from.file}` };
  return {
    problems: [at({ ...about, remedy: "Put the ICS file beside this one, or correct the name" }, ["file"])],
  };
}

/** A calendar that can't be fetched is the last copy of it; without one, nobody knows when nothing may change. */
async function textOfUrl(
  url: string,
  { at }: CalendarSource,
  { network, copies }: SourceOptions,
): Promise<SourceText> {
  const copy = join(copies, `${digestOf(url).replace("sha256:", "").slice(0, 16)}.ics`);
  if (!network) {
    const text = await textOf(copy);
    return { ...(text === undefined ? {} : { text }), problems: [] };
  }
  const fetched = await fetchText(url, network);
  if ("text" in fetched) {
    await keep(copy, fetched.text);
    return { text: fetched.text, problems: [] };
  }
  const text = await textOf(copy);
  const message = `the calendar on ${new URL(url).host} can't be fetched: ${fetched.fault}`;
  if (text === undefined) {
    const remedy =
      "Open its address without being logged in: it has to give an ICS file. Or export the file into this folder, and write `file`";
    return { problems: [at({ code: "unreachable-calendar", message, remedy }, ["url"])] };
  }
  const day = (await stat(copy)).mtime.toISOString().slice(0, 10);
  const problem = at(
    {
      code: "unreachable-calendar",
      severity: "warning",
      message: `${message}; the copy of ${day} is used`,
      remedy: "Check that its address still gives an ICS file",
    },
    ["url"],
  );
  return { text, problems: [problem] };
}

/** Messages have the host alone: an address may have a key in it. */
async function fetchText(url: string, network: Network): Promise<{ text: string } | { fault: string }> {
  try {
    const response = await request(
      network,
      url,
      { headers: { accept: "text/calendar" }, redirect: "manual" },
      { name: "GET", timeout: TIMEOUT, idempotent: true, retries: 1, largest: LARGEST },
    );
    if (response.status >= 300 && response.status < 400)
      return { fault: "it is elsewhere; write the address that it redirects to" };
    if (!response.ok) return { fault: `the server answered ${response.status}` };
    const text = await response.text();
    if (!/^\uFEFF?BEGIN:VCALENDAR/i.test(text.trimStart())) return { fault: "the answer is no ICS file" };
    return { text };
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error;
    return { fault: error.message.replace(/^GET: /, "") };
  }
}

async function keep(file: string, text: string): Promise<void> {
  if ((await readFile(file, "utf8").catch(() => undefined)) === text) return;
  await mkdir(dirname(file), { recursive: true });
  // Runs beside each other write the same.
  const apart = `${file}.${process.pid}`;
  await writeFile(apart, text, { mode: 0o600 });
  await rename(apart, file);
}
