import { type DeployedMap, MAP_VERSION, type MapStack, type MapThing } from "../map-file.ts";

/** How much there is. */
interface Size {
  readonly hubs: number;
  readonly articles: number;
}

const DAY = 86_400_000;
const at = (days: number) => new Date(Date.UTC(2026, 10, 30) - days * DAY).toISOString();

/** A map of a large institution: staging and production, in which every tenth thing is held and every seventeenth drifted. */
export function manyThings({ hubs, articles }: Size): DeployedMap {
  return {
    version: MAP_VERSION,
    made: at(0),
    stacks: ["prod", "staging"].map((name) => stack(name, { hubs, articles })),
  };
}

function stack(name: string, { hubs, articles }: Size): MapStack {
  const things: MapThing[] = [
    ...Array.from({ length: articles }, (_, index) => article(name, index)),
    ...Array.from({ length: 20 }, (_, index) => kernel(index)),
    ...Array.from({ length: 12 }, (_, index) => images(index)),
    ...Array.from({ length: hubs }, (_, index) => hub(name, index)),
  ];
  const drifted = things.filter((_, index) => index % 17 === 0);
  return {
    ...{ stack: name, environment: name },
    outputs: { read: at(0), deployed: at(1), problems: [], things },
    drift: {
      ...{ at: at(0), state: "drift", errors: [] },
      differences: drifted.map(({ id }) => ({
        ...{
          thing: id,
          what: "ConfigMap hub: data.greeting was changed",
          fate: "undone",
          by: "kubectl-edit",
        },
      })),
    },
    history: Array.from({ length: 100 }, (_, index) => ({
      ...{ at: at(index + 1), kind: "update", result: "succeeded", counts: { update: 1, same: 900 } },
      changes: [{ id: `course/course-${index}`, label: `Course course-${index}`, change: "updated" }],
    })),
  };
}

const digest = (seed: number) => `sha256:${seed.toString(16).padStart(8, "0").repeat(8)}`;
const held = (stack: string, index: number) =>
  stack === "prod" && index % 10 === 0
    ? { held: { reason: "staging has not processed it yet", deployed: index % 20 === 0 } }
    : {};

const article = (stack: string, index: number): MapThing => ({
  ...{ id: `course/course-${index}`, kind: "course", title: `Course number ${index}`, digest: digest(index) },
  ...{
    since: at(index % 90),
    uses: ["Python for Science"],
    url: `https://qbook.example/learn/course-${index}`,
  },
  ...held(stack, index),
});

const kernel = (index: number): MapThing => ({
  ...{
    id: `kernel/kernel-${index}`,
    kind: "kernel",
    title: `Kernel ${index}`,
    image: "docker.io/lectern/python",
  },
  ...{ digest: digest(1000 + index), since: at(index), uses: [] },
});

const images = (index: number): MapThing => ({
  ...{
    id: `images/cluster-${index}/lab`,
    kind: "images",
    version: "w_2026_10",
    image: "docker.io/lectern/lab",
  },
  ...{ digest: digest(2000 + index), since: at(index), uses: ["Weekly 2026_10", "Release r1"] },
});

const hub = (stack: string, index: number): MapThing => ({
  ...{
    id: `hub/cluster-${index % 12}/hub-${index}`,
    kind: "hub",
    version: "hub 4.2.0",
    digest: digest(3000 + index),
  },
  ...{
    since: at(index % 30),
    healthy: index % 40 !== 0,
    uses: ["lab 0123"],
    url: `https://hub-${index}.example.org`,
  },
  ...held(stack, index),
});
