import { prepullManifests } from "../../components/cluster/prepull/daemonset.ts";
import { planPrepull } from "../../components/cluster/prepull/prepull-plan.ts";
import type { Digest } from "../../components/digest.ts";
import { parseDigest, parseRepository } from "../../components/image/reference.ts";
import { imagePolicy } from "../../components/image/selection/policy.ts";
import { selectFrom } from "../../components/image/selection/selection.ts";
import { selectFromRegistry } from "../../components/image/selection/selection-registry.ts";
import type { Row } from "./row.ts";

const TAGS = 10_000;
const NODES = 5_000;
const IMAGES = 40;
const NOW = Date.UTC(2026, 0, 1);
const POLICY = imagePolicy.parse({});

/** Tags to a selection, the digests that a big repository is asked for, and a prepull plan. */
export async function run(): Promise<Row[]> {
  return [selection(), await resolution(), plan()];
}

function selection(): Row {
  const tags = repositoryTags();
  const times = Array.from({ length: 5 }, () => timed(() => selectFrom(tags, POLICY, NOW)));
  const median = times.sort((a, b) => a - b)[2] ?? Number.NaN;
  return row(`${TAGS} tags parsed, sorted and selected`, median, 50);
}

async function resolution(): Promise<Row> {
  const tags = repositoryTags();
  let requests = 0;
  const source = {
    listTags: async () => [...tags.keys()],
    resolve: async (_: unknown, tag: string) => {
      requests += 1;
      return tags.get(tag);
    },
  };
  await selectFromRegistry(source, parseRepository("registry.example/lab"), POLICY, NOW);
  const met = requests <= 40;
  return { what: `digests asked for, of ${TAGS} tags`, measured: `${requests}`, target: "at most 40", met };
}

function plan(): Row {
  const groups = Array.from({ length: 4 }, (_, index) => ({
    slug: `group-${index}`,
    node_selector: { pool: `pool-${index}` },
    tolerations: [{ key: "pool", operator: "Equal", value: `pool-${index}`, effect: "NoSchedule" }],
  }));
  const images = Array.from({ length: IMAGES }, (_, index) => ({
    image: `registry.example/lab@${digest(index)}`,
    nodeGroups: groups.map(({ slug }) => slug),
  }));
  const nodes = Array.from({ length: NODES }, (_, index) => ({
    metadata: {
      name: `node-${index}`,
      labels: { pool: `pool-${index % 4}`, zone: "a", "kubernetes.io/os": "linux" },
    },
    spec: { taints: [{ key: "pool", value: `pool-${index % 4}`, effect: "NoSchedule" }] },
  }));
  const pauseImage = `registry.example/busybox@${digest(1)}`;
  let pulls = 0;
  const time = timed(() => {
    const manifests = prepullManifests({ namespace: "hub", nodeGroups: groups, images, pauseImage });
    pulls = planPrepull(manifests, nodes).pulls;
  });
  if (pulls !== NODES * IMAGES) throw new Error(`planned ${pulls} pulls, not ${NODES * IMAGES}`);
  return row(`prepull plan, ${NODES} nodes × ${IMAGES} images`, time, 200);
}

function repositoryTags(): Map<string, Digest> {
  const tags = new Map<string, Digest>();
  for (let day = 0; tags.size < TAGS - 1; day++) {
    const date = new Date(Date.UTC(2000, 0, 1 + day));
    const [year, month, dayOfMonth] = date.toISOString().slice(0, 10).split("-");
    tags.set(`d_${year}_${month}_${dayOfMonth}`, digest(tags.size));
    if (day % 7 === 0) tags.set(`w_${year}_${1 + (Math.floor(day / 7) % 52)}_rsp${day}`, digest(tags.size));
    if (day % 30 === 0) tags.set(`r${day / 30}_0_0_rc${day % 11}`, digest(tags.size));
    if (day % 90 === 0) tags.set(`r${day / 90}_0_0`, digest(tags.size));
    if (day % 5 === 0) tags.set(`exp_d_${year}_${month}_${dayOfMonth}_c0045.001-amd64`, digest(tags.size));
  }
  const weeklies = [...tags.keys()].filter((tag) => tag.startsWith("w_"));
  tags.set("recommended", tags.get(weeklies.at(-8) ?? "") ?? digest(0));
  return tags;
}

const digest = (seed: number) => parseDigest(`sha256:${seed.toString(16).padStart(64, "0")}`);

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function row(what: string, time: number, limit: number): Row {
  return { what, measured: `${time.toFixed(1)} ms`, target: `under ${limit} ms`, met: time < limit };
}
