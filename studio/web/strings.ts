import { deployedDifferenceStrings } from "./strings/deployed-difference.ts";
import { differenceStrings } from "./strings/image-difference.ts";
import { imageStrings } from "./strings/images.ts";
import { profileStrings } from "./strings/profiles.ts";
import { saveStrings } from "./strings/save.ts";
import { tagStrings } from "./strings/tags.ts";

/** Every text of the page, in one place for translators. A text with parts is a function of them. */
export const strings = {
  title: "Lectern Studio",
  skip: "Skip to the content",
  pages: "Pages",
  signedIn: (name: string) => `Signed in as ${name}`,
  loading: "Loading…",
  failed: "This can't be shown",
  tryAgain: "Try again",
  noAnswer: {
    message: "the server does not answer",
    status: (status: number) => `the server answered with status ${status}`,
    remedy: "Check that `lectern studio` is still running",
  },
  notFound: { title: "No such page", text: "The studio has no page at this address." },
  colours: { label: "Colours", system: "As the system", light: "Light", dark: "Dark" },
  problems: {
    error: "Error",
    warning: "Warning",
    counts: (errors: number, warnings: number) =>
      [counted(errors, "error"), counted(warnings, "warning")].filter((text) => text !== "").join(", ") ||
      "no problems",
  },
  save: saveStrings,
  profiles: profileStrings,
  images: imageStrings,
  imageDifference: differenceStrings,
  deployedDifference: deployedDifferenceStrings,
  tags: tagStrings,
  articles: {
    title: "Articles",
    lead: "The courses and blogs of the catalog, checked as a deployment checks them.",
    course: "Course",
    blog: "Blog",
    only: "Only articles with problems",
    summary: (count: number, concerned: number) =>
      `${count} ${count === 1 ? "article" : "articles"}, ${concerned === 0 ? "none" : concerned} with problems`,
    none: "The catalog has no article.",
    noneWithProblems: "No article has a problem.",
    noProblems: "No problems",
    untitled: (slug: string) => `${slug} (its course.json can't be read)`,
    problemsOf: (counts: string, name: string) => `${counts} in ${name}`,
    all: "All articles",
    problems: "Problems",
    content: "Content",
    noContent: "course.json lists no chapter that can be read.",
    noNotebook: (title: string) => `${title}: no notebook`,
    notebookOf: (title: string) => `Notebook of “${title}”`,
    deployed: {
      title: "Deployed",
      unknown:
        "No report of a deployment is known here. `lectern report --json` makes one; start the studio with --reports.",
      states: { same: "as here", differs: "differs", none: "not there", unknown: "there" },
      sentences: {
        same: "has this content.",
        differs: "has other content than the catalog.",
        none: "does not have it.",
        unknown: "has it; whether with this content is unknown.",
      },
      held: "held",
      heldBecause: (reason: string) => `Held: ${reason}`,
      since: (time: string) => `Since ${time}.`,
      open: (stack: string) => `Open it on ${stack}`,
    },
  },
  map: {
    title: "Map",
    lead: "What is deployed where, as the reports of deployments and drift runs say.",
    views: "Views of the map",
    things: "Things",
    history: "History",
    asOf: "As of",
    from: (sources: readonly string[]) => `read from ${sources.join(", ")}`,
    none: "There is no report yet. Deployments and drift runs keep one; name the folder that has it:",
    command: "lectern studio --reports reports",
    states: "How many are in each state",
    stacks: "Stacks",
    heldByNotebook: "Held by a notebook",
    stackSummary: (count: number, concerned: number) =>
      concerned === 0 ? `${count}` : `${concerned} of ${count} need attention`,
    deployed: "last deployed",
    unknown: "unknown",
    read: "read",
    notLookedFor: "drift was not looked for",
    drift: { clean: "no drift at", drift: "drift found at", failed: "not looked at, tried at" },
    beforeDeployment: ", before the last deployment",
    unread: (why: string) => `It could not be read: ${why}`,
    notLookedAt: (why: string) => `It could not be looked at: ${why}`,
    find: "Find",
    findHint: "Name, version, digest",
    kind: "Kind",
    stack: "Stack",
    state: "State",
    all: "All",
    found: (count: number) => `${count} ${count === 1 ? "thing" : "things"}`,
    nothing: "Nothing is like that.",
    name: "Name",
    notThere: "not there",
    since: "since",
    open: "Open",
    openOf: (name: string) => `Open ${name}`,
    uses: (kind: string, uses: readonly string[]) => {
      const label = kind === "hub" ? "images" : kind === "images" ? "menu" : "kernels";
      const more = uses.length > 3 ? ` and ${uses.length - 3} more` : "";
      return `${label}: ${uses.slice(0, 3).join(", ")}${more}`;
    },
    accepted: "Accepted",
    unhealthy: "the last deployment, or a check of it, failed",
    outside: {
      left: "it left the catalog, and is still on qBook",
      retired: "it was stopped, and its volumes are kept",
    },
    deployments: (count: number) => `${count} ${count === 1 ? "deployment" : "deployments"}`,
    noHistory: "No deployment is known yet.",
    leftOut: "Older deployments are left out.",
    change: {
      created: "was created",
      updated: "was updated",
      replaced: "was replaced",
      removed: "was removed",
    },
  },
} as const;

const counted = (count: number, noun: string) =>
  count === 0 ? "" : `${count} ${noun}${count === 1 ? "" : "s"}`;
