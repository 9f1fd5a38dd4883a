import { isDeepStrictEqual } from "node:util";
import type { Amounts } from "../../../cluster/node-groups/quantity.ts";
import { isObject, type JsonObject } from "../../../json.ts";
import { lookUp } from "../../values/layers.ts";
import type { KubeSpawnerProfile } from "../profile-list.ts";
import { examSettings } from "./exam-profiles.ts";
import { takenBy } from "./sizes.ts";

/** The pod of a user's server, as far as the scheduler looks at it. */
export interface ServerPod {
  /** What it takes of its node: cores of `cpu`, bytes of `memory`, devices. */
  readonly requests: Amounts;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly JsonObject[];
  /** Terms of the node affinity, of which one has to match; empty where any node will do. */
  readonly nodeTerms: readonly JsonObject[];
  /** What starts in it; undefined where neither the profile nor the hub's values say. */
  readonly image: string | undefined;
  /** Whether size and nodes are those of the hub's values, and the profile sets neither. */
  readonly isHubs: boolean;
}

/** What a profile sets, as files and hubs have it. */
interface ChosenProfile {
  readonly kubespawner_override?: JsonObject | undefined;
  readonly profile_options?: Readonly<Record<string, { readonly choices?: unknown }>> | undefined;
}

/** The settings of KubeSpawner by which the scheduler places a pod. */
const PLACING = [
  "cpu_guarantee",
  "cpu_limit",
  "extra_resource_guarantees",
  "extra_resource_limits",
  "mem_guarantee",
  "mem_limit",
  "node_affinity_required",
  "node_selector",
  "tolerations",
];

/** What Zero to JupyterHub guarantees where nothing else is set. */
const GUARANTEED = "1G";

/** What a profile sets for a user who chooses nothing else. */
export const profileSettings = (profile: ChosenProfile): JsonObject =>
  Object.assign({}, profile.kubespawner_override, ...defaultChoices(profile));

/**
 * The pod that a user of a profile gets who chooses nothing else.
 * @param values of JupyterHub's own chart, as the release is given them
 * @param inExam whether an exam is on, in which all that it may take is guaranteed
 */
export function serverPod(profile: KubeSpawnerProfile, values: JsonObject, inExam = false): ServerPod {
  const own = profileSettings(profile);
  const usual: JsonObject = { ...hubSettings(values), ...own };
  const settings = inExam ? examSettings(usual) : usual;
  const requests = takenBy(settings);
  return {
    requests,
    nodeSelector: texts(settings["node_selector"]),
    tolerations: objects(settings["tolerations"]),
    nodeTerms: objects(settings["node_affinity_required"]),
    image: typeof settings["image"] === "string" ? settings["image"] : hubImage(values),
    isHubs: !PLACING.some((key) => key in own) && isDeepStrictEqual(requests, takenBy(usual)),
  };
}

/** What the choices of a profile set that are made where the user makes none. */
function defaultChoices({ profile_options: options = {} }: ChosenProfile): JsonObject[] {
  return Object.values(options).flatMap(({ choices }) => {
    const all = Object.values(isObject(choices) ? choices : {}).filter(isObject);
    const chosen = all.find((choice) => choice["default"] === true) ?? all[0];
    const override = chosen?.["kubespawner_override"];
    return isObject(override) ? [override] : [];
  });
}

/** What a hub's values set for every server, as settings of KubeSpawner. @param values of JupyterHub's own chart */
export function hubSettings(values: JsonObject): JsonObject {
  const at = (...path: string[]) => lookUp(values, ["singleuser", ...path]) ?? undefined;
  const set = {
    mem_guarantee: at("memory", "guarantee") ?? at("memory", "limit") ?? GUARANTEED,
    mem_limit: at("memory", "limit"),
    cpu_guarantee: at("cpu", "guarantee"),
    cpu_limit: at("cpu", "limit"),
    extra_resource_guarantees: at("extraResource", "guarantees"),
    extra_resource_limits: at("extraResource", "limits"),
    node_selector: at("nodeSelector"),
    tolerations: [...objects(lookUp(values, USER_TOLERATIONS)), ...objects(at("extraTolerations"))],
    node_affinity_required: lookUp(values, NODE_PURPOSE) === "require" ? [FOR_USERS] : undefined,
  };
  return Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined));
}

const USER_TOLERATIONS = ["scheduling", "userPods", "tolerations"];
const NODE_PURPOSE = ["scheduling", "userPods", "nodeAffinity", "matchNodePurpose"];
const FOR_USERS = {
  matchExpressions: [{ key: "hub.jupyter.org/node-purpose", operator: "In", values: ["user"] }],
};

function hubImage(values: JsonObject): string | undefined {
  const { name, tag } = (lookUp(values, ["singleuser", "image"]) ?? {}) as JsonObject;
  if (typeof name !== "string" || name === "") return undefined;
  return typeof tag === "string" && tag !== "" ? `${name}:${tag}` : name;
}

const objects = (value: unknown): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : isObject(value) ? [value] : [];

const texts = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(isObject(value) ? value : {}).flatMap(([key, text]) =>
      typeof text === "string" ? [[key, text]] : [],
    ),
  );
