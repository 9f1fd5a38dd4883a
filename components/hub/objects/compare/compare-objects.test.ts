import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { manifestsIn } from "../manifests.ts";
import { type CompareOptions, compareObjects } from "./compare-objects.ts";

const HUB = `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: hub
  labels: {component: hub, helm.sh/chart: jupyterhub-4.3.0}
spec:
  replicas: 1
  template:
    metadata:
      annotations:
        checksum/secret: "${"a".repeat(64)}"
    spec:
      containers:
        - name: hub
          image: registry.example/hub:1
          args: [jupyterhub, --config, /etc/config.py]
          resources:
            requests: {memory: 512Mi}
          env:
            - {name: JUPYTERHUB_LOG_LEVEL, value: INFO}
            - {name: OAUTH_TOKEN, value: canary-old}
      volumes:
        - {name: config, configMap: {name: hub}}
`;
const CONFIG = `
apiVersion: v1
kind: ConfigMap
metadata: {name: hub}
data:
  level: INFO
  config.py: |
    c.A = 1
    c.B = 2
`;
const SECRET = `
apiVersion: v1
kind: Secret
metadata: {name: hub}
data: {values.yaml: Y2FuYXJ5LWE=}
`;

const rendered = (objects: string, hooks = "") => ({
  objects: manifestsIn(objects),
  hooks: manifestsIn(hooks),
});
const compare = (before: string, after: string, options: Partial<CompareOptions> = {}) =>
  compareObjects(rendered(before), rendered(after), { namespace: "staging", ...options });
const textsOf = (before: string, after: string, options: Partial<CompareOptions> = {}) =>
  compare(before, after, options).objects.flatMap(({ kind, name, change, fields }) =>
    fields.length === 0 ? `${change} ${kind} ${name}` : fields.map(({ text }) => `${kind} ${name}: ${text}`),
  );

describe("the changes of a release's objects", () => {
  it("are none between the same objects in another order and writing", () => {
    const other = `# comment\n---\n${SECRET}\n---\n${JSON.stringify(manifestsIn(HUB)[0])}\n---\n${CONFIG}`;
    expect(compare(`${HUB}\n---\n${CONFIG}\n---\n${SECRET}`, other)).toEqual({ objects: [], relabelled: 0 });
  });

  it("are in the words of the fields", () => {
    const after = HUB.replace("INFO", "DEBUG")
      .replace("hub:1", "hub:2")
      .replace("replicas: 1", "replicas: 2")
      .replace("512Mi}", "1Gi}\n            limits: {memory: 2Gi}")
      .replace("--config,", "--debug, --config,")
      .replace("volumes:", "volumes:\n        - {name: data, emptyDir: {}}")
      .replace("a".repeat(64), "b".repeat(64));
    expect(textsOf(HUB, after)).toEqual([
      "Deployment hub: replicas 1 → 2",
      "Deployment hub: restarts because its configuration changed",
      "Deployment hub: image registry.example/hub:1 → registry.example/hub:2",
      "Deployment hub: args: +--debug",
      "Deployment hub: memory request 512Mi → 1Gi",
      "Deployment hub: memory limit unset → 2Gi",
      "Deployment hub: env JUPYTERHUB_LOG_LEVEL INFO → DEBUG",
      "Deployment hub: +volume data",
    ]);
  });

  it("name the container where a pod has several", () => {
    const two = HUB.replace("containers:", "containers:\n        - {name: sidecar, image: a:1}");
    expect(textsOf(two, two.replace("a:1", "a:2"))).toEqual([
      "Deployment hub: image of container sidecar a:1 → a:2",
    ]);
    expect(textsOf(HUB, two)).toEqual(["Deployment hub: +container sidecar"]);
  });

  it("name objects that come and go", () => {
    expect(textsOf(HUB, CONFIG)).toEqual(["added ConfigMap hub", "removed Deployment hub"]);
  });

  it("name the keys of a ConfigMap, and short values", () => {
    const after = CONFIG.replace("INFO", "DEBUG")
      .replace("c.B = 2", "c.B = 3")
      .replace("\ndata:", "\ndata:\n  extra.py: x");
    expect(textsOf(CONFIG, after)).toEqual([
      "ConfigMap hub: key level INFO → DEBUG",
      "ConfigMap hub: key config.py changed",
      "ConfigMap hub: +key extra.py",
    ]);
  });

  it("hold no value of a Secret, of what looks like one or is known to be one", () => {
    const changes = [
      compare(SECRET, SECRET.replace("Y2FuYXJ5LWE=", "Y2FuYXJ5LWI=")),
      compare(SECRET, SECRET.replace("\ndata:", "\nstringData: {new: canary}\ndata:")),
      compare(HUB, HUB.replace("canary-old", "canary-new")),
      compare(HUB, HUB.replace("value: canary-old", "valueFrom: {secretKeyRef: {name: hub, key: oauth}}")),
      compare(HUB, HUB.replace("jupyterhub,", '"--api-token=canary",')),
      compare(HUB, HUB.replace("jupyterhub,", "--api-token, canary,")),
      compare(CONFIG, CONFIG.replace("INFO", "postgres://hub:canary@db/hub")),
      compare(CONFIG, CONFIG.replace("INFO", "has-the-canary-in-it"), { secrets: ["canary"] }),
      compare(CONFIG, CONFIG.replace("INFO", Buffer.from("canary7").toString("base64")), {
        secrets: ["canary7"],
      }),
    ];
    expect(JSON.stringify(changes)).not.toMatch(/canary|Y2Fu/);
    expect(changes.map(({ objects }) => objects[0]?.fields[0]?.text)).toEqual([
      "key values.yaml changed",
      "+key new",
      "env OAUTH_TOKEN changed",
      "env OAUTH_TOKEN [secret] → unset",
      "args changed",
      "args changed",
      "key level changed",
      "key level changed",
      "key level changed",
    ]);
  });

  it("count labels of the chart's version apart, but not on pods, which restart for them", () => {
    const next = HUB.replace("4.3.0", "4.4.0");
    expect(compare(HUB, next)).toEqual({ objects: [], relabelled: 1 });
    const labelled = HUB.replace("annotations:", "labels: {helm.sh/chart: hub-1}\n      annotations:");
    expect(textsOf(labelled, labelled.replace("hub-1", "hub-2"))).toEqual([
      "Deployment hub: pod label helm.sh/chart hub-1 → hub-2",
    ]);
  });

  it("say where the chart generates another value at every rendering", () => {
    const secret = (value: string) => SECRET.replace("Y2FuYXJ5LWE=", value);
    const again = rendered(secret("Yw=="));
    const { objects } = compare(secret("YQ=="), secret("Yg=="), { again });
    expect(objects[0]?.fields).toEqual([
      expect.objectContaining({
        generated: true,
        text: "key values.yaml changed (generated at every rendering)",
      }),
    ]);
  });

  it("keep hooks apart: one that is no longer rendered changes nothing", () => {
    const job = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: pull}\nspec: {parallelism: 1}\n";
    const options = { namespace: "staging" };
    expect(compareObjects(rendered("", job), rendered(""), options).objects).toEqual([]);
    expect(compareObjects(rendered(""), rendered("", job), options).objects).toMatchObject([
      { kind: "Job", hook: true, change: "added" },
    ]);
    const next = rendered("", job.replace("1}", "2}"));
    expect(compareObjects(rendered("", job), next, options).objects).toMatchObject([
      { hook: true, fields: [{ text: "parallelism 1 → 2" }] },
    ]);
  });

  it("are of one object where only its API's version or the writing of its namespace changes", () => {
    const pdb = "apiVersion: policy/v1beta1\nkind: PodDisruptionBudget\nmetadata: {name: hub}\n";
    expect(textsOf(pdb, pdb.replace("v1beta1", "v1"))).toEqual([
      "PodDisruptionBudget hub: apiVersion policy/v1beta1 → policy/v1",
    ]);
    expect(textsOf(CONFIG, CONFIG.replace("{name: hub}", "{name: hub, namespace: staging}"))).toEqual([]);
  });
});

describe("for any objects", () => {
  const leaf = fc.constantFrom("a", "b", 1, true);
  const object = fc.record({
    apiVersion: fc.constantFrom("v1", "apps/v1"),
    kind: fc.constantFrom("ConfigMap", "Deployment", "Widget"),
    metadata: fc.record({ name: fc.constantFrom("x", "y", "z") }),
    data: fc.dictionary(fc.constantFrom("p", "q", "r"), leaf, { minKeys: 1 }),
  });
  const objects = fc.uniqueArray(object, {
    selector: ({ apiVersion, kind, metadata }) => `${apiVersion} ${kind} ${metadata.name}`,
    maxLength: 5,
  });
  const options = { namespace: "n" };

  it("comparing them with themselves in another order gives nothing", () => {
    fc.assert(
      fc.property(objects, (list) => {
        const turned = { objects: [...list].reverse(), hooks: [...list] };
        expect(compareObjects({ objects: list, hooks: list }, turned, options)).toEqual({
          objects: [],
          relabelled: 0,
        });
      }),
    );
  });

  it("every changed leaf of an object that stays is named", () => {
    fc.assert(
      fc.property(
        object,
        fc.dictionary(fc.constantFrom("p", "q", "r"), leaf, { minKeys: 1 }),
        (before, data) => {
          const after = { ...before, data };
          const paths = compareObjects(
            { objects: [before], hooks: [] },
            { objects: [after], hooks: [] },
            options,
          ).objects.flatMap(({ fields }) => fields.map(({ path }) => path));
          const keys = ["p", "q", "r"].filter((key) => before.data[key] !== data[key]);
          expect(paths.sort()).toEqual(keys.map((key) => `data.${key}`));
        },
      ),
    );
  });
});
