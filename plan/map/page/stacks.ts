import { whatIsFound } from "../found-text.ts";
import type { MapChange, MapDeployment, MapStack } from "../map-file.ts";
import { otherDifferences } from "../rows.ts";
import { deploymentText, fromToText } from "../words.ts";
import { link, name, text, time } from "./html.ts";

/** When a stack was deployed, and what is wrong with it. */
export function stackHtml(stack: MapStack): string {
  const { outputs, failure, drift } = stack;
  const facts = [
    outputs
      ? `${outputs.things.length} things, last deployed ${outputs.deployed === undefined ? "at an unknown time" : time(outputs.deployed)}, read ${time(outputs.read)}`
      : "not read yet",
    driftText(stack),
  ];
  const wrong = [
    ...(failure && failure.at > (outputs?.read ?? "")
      ? [`could not be read at ${time(failure.at)}: ${name(failure.message)}`]
      : []),
    ...(outputs?.problems ?? []).map(name),
    ...(drift?.state === "failed" ? [`could not be looked at: ${name(drift.errors.join(" "))}`] : []),
    ...otherDifferences(stack).map((one) => `${name(one.thing)}: ${name(whatIsFound(one))}`),
  ];
  const notes = wrong.map((one) => `<p class="note is-drifted">${one}</p>`).join("");
  return `<li><strong>${name(stack.stack)}</strong> <span>${facts.join(" · ")}</span>${notes}</li>`;
}

function driftText({ drift, outputs }: MapStack): string {
  if (!drift) return "drift was not looked for";
  const older = outputs?.deployed !== undefined && drift.at < outputs.deployed;
  const when = `${time(drift.at)}${older ? ", before the last deployment" : ""}`;
  if (drift.state === "clean") return `no drift at ${when}`;
  return drift.state === "drift" ? `drift at ${when}` : `looked at without success at ${when}`;
}

/** The deployments of a stack, newest first. */
export function historyHtml({ stack, history, leftOutUpTo }: MapStack): string {
  const count = `${history.length} ${history.length === 1 ? "deployment" : "deployments"}`;
  if (history.length === 0) return `<p class="none">${name(stack)}: no deployment is known</p>`;
  const left = leftOutUpTo === undefined ? "" : `<li class="none">Older ones are left out.</li>`;
  return `<details><summary>${name(stack)} <span class="count">${count}</span></summary>
<ol class="history">${history.map(deploymentHtml).join("\n")}${left}</ol></details>`;
}

function deploymentHtml(deployment: MapDeployment): string {
  const { at, begun, kind, commit, changes, result } = deployment;
  const when = kind === "changes" && begun !== undefined ? `${time(begun)} – ${time(at)}` : time(at);
  const of =
    commit === undefined ? "" : ` · commit <code title="${text(commit)}">${text(commit.slice(0, 10))}</code>`;
  const list = changes.length === 0 ? "" : `<ul>${changes.map(changeHtml).join("")}</ul>`;
  const failed = result === "failed" ? ' class="is-failed"' : "";
  return `<li${failed}>${when} · ${text(deploymentText(deployment))}${of}${list}</li>`;
}

function changeHtml(change: MapChange): string {
  const versions = fromToText(change);
  const title = change.title === undefined ? "" : ` ${link(change.title, change.url)}`;
  return `<li>${name(change.id ?? change.label)}${title} was ${change.change}${versions === "" ? "" : `: ${name(versions)}`}</li>`;
}
