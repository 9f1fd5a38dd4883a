import type { Delegate } from "../../components/cluster/declaration/delegate-schema.ts";
import { delegatesIn } from "../../components/cluster/declaration/delegates.ts";
import { readProfiles } from "../../components/hub/profiles/profiles-file.ts";
import { readImagesFile } from "../../components/image/selection/images-file.ts";
import { formatProblem, LecternError } from "../../components/problem/problem.ts";
import { type Author, handleOf, teamsHint } from "./author.ts";
import { imageReasons, type Offer, profileReasons } from "./bounds/hub-bounds.ts";
import type { ChangedFile, Question, Verdict } from "./question.ts";

/** A file that the hubs of a cluster get. */
interface HubFile {
  /** The cluster's, from the repository's root. */
  readonly folder: string;
  readonly part: "profiles" | "images";
}

/** Whether a change of a cluster's profiles.yaml or images.yaml is its author's to decide, as the base's cluster.yaml says. */
export function clusterVerdict({ folder, part }: HubFile, file: ChangedFile, question: Question): Verdict {
  const no = (reason: string): Verdict => ({ delegated: false, reason });
  if (file.kind !== "modified") return no(`infrastructure decides whether a cluster has ${part}.yaml`);
  const clusterFile = `${folder}/cluster.yaml`;
  const text = question.base(clusterFile);
  if (text === undefined) return no(`the base has no ${clusterFile}, which names delegates`);
  try {
    const grants = grantsOf(delegatesIn(text, clusterFile), part, question.author);
    if ("none" in grants) return no(`${clusterFile} ${grants.none}`);
    const base = offerOf(folder, question.base);
    const head = offerOf(folder, question.head);
    const reasons =
      part === "profiles" ? profileReasons(base, head, grants.some) : imageReasons(base, head, grants.some);
    if (reasons.length > 0) return no(reasons.join("; "));
    return {
      delegated: true,
      reason: `${clusterFile} lets ${grants.handle} decide it, within what it allows`,
    };
  } catch (error) {
    if (error instanceof LecternError) return no(error.problems.map(formatProblem).join("; "));
    throw error;
  }
}

type Grants =
  | { readonly handle: string; readonly some: readonly Delegate[] }
  /** Why there is none. */
  | { readonly none: string };

function grantsOf(all: readonly Delegate[], part: HubFile["part"], author: Author): Grants {
  const some = all.filter(({ decide, who }) => decide.includes(part) && handleOf(author, who) !== undefined);
  const handle = handleOf(author, some[0]?.who ?? []);
  if (handle !== undefined) return { handle, some };
  const handles = all.filter(({ decide }) => decide.includes(part)).flatMap(({ who }) => who);
  const named = handles.length === 0 ? "names nobody" : `names ${[...new Set(handles)].join(" ")}`;
  return { none: `${named} as delegates for ${part}${teamsHint(author, handles)}` };
}

function offerOf(folder: string, read: (path: string) => string | undefined): Offer {
  const [profiles, images] = [`${folder}/profiles.yaml`, `${folder}/images.yaml`];
  const [profilesText, imagesText] = [read(profiles), read(images)];
  return {
    profiles: profilesText === undefined ? [] : readProfiles(profilesText, profiles).profiles,
    images: imagesText === undefined ? {} : readImagesFile(imagesText, images),
  };
}
