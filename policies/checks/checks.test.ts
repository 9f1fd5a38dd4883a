import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { NAMESPACE, RELEASE, type Resource } from "../resource.ts";
import { unpinnedImages } from "./image-digests.ts";
import { unpinnedChart } from "./pinned-charts.ts";
import { plainSecrets } from "./plain-secrets.ts";
import { unprotected } from "./protected-production.ts";

const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const DIGEST = `sha256:${"1".repeat(64)}`;
const OWN = "pulumi-nodejs:dynamic/lectern:";

function resource(type: string, props: object, more: Partial<Resource> & { stack?: string } = {}): Resource {
  const { stack = "prod", name = "east/hub", ...rest } = more;
  return {
    ...{ urn: `urn:pulumi:${stack}::lectern::${type}::${name}`, type, name, props: { ...props } },
    ...{ protect: true, ignoreChanges: [] },
    ...rest,
  };
}

describe("images", () => {
  const pod = (image: unknown, at = "containers") =>
    resource("kubernetes:apps/v1:DaemonSet", {
      spec: { template: { spec: { [at]: [{ name: "x", image }] } } },
    });

  it.each<[string, Resource, number]>([
    ["a kernel by its digest", resource(`${OWN}Kernelspec`, { image: `ghcr.io/x/y@${DIGEST}` }), 0],
    ["a kernel by a tag", resource(`${OWN}Kernelspec`, { image: "ghcr.io/x/y:2026" }), 1],
    ["a kernel without one", resource(`${OWN}Kernelspec`, { image: "" }), 0],
    ["a kernel whose image is not known yet", resource(`${OWN}Kernelspec`, { image: UNKNOWN }), 0],
    ["a pod by its digest", pod(`ghcr.io/x/y:tag@${DIGEST}`), 0],
    ["a pod by a tag", pod("busybox:1"), 1],
    ["a pod by nothing but a name", pod("busybox"), 1],
    ["a container that starts first", pod("busybox:1", "initContainers"), 1],
    [
      "a profile by a tag",
      resource(RELEASE, { values: { profiles: [{ kubespawner_override: { image: "x/y:1" } }] } }),
      1,
    ],
    ["a profile by its digest", resource(RELEASE, { values: { singleuser: { image: `x/y@${DIGEST}` } } }), 0],
    ["an image's settings", resource(RELEASE, { values: { hub: { image: { name: "x/y", tag: "1" } } } }), 0],
    ["a word that is no reference", resource(RELEASE, { values: { logo: { image: "light" } } }), 0],
    ["a title that is called image", resource("lectern:article:Course", { image: "x:y" }), 0],
  ])("%s", (_, one, count) => {
    expect(unpinnedImages(one)).toHaveLength(count);
  });

  it("are named with their place", () => {
    expect(unpinnedImages(pod("busybox:1"))).toEqual([
      "spec.template.spec.containers[0].image is busybox:1, which can become another image: name it by its digest, as repository@sha256:…",
    ]);
  });
});

describe("charts", () => {
  const repositoryOpts = { repo: "https://charts.example.org" };
  it.each<[string, object, number]>([
    ["an exact version", { chart: "jupyterhub", version: "4.3.2", repositoryOpts }, 0],
    [
      "a development version",
      { chart: "jupyterhub", version: "4.3.3-0.dev.git.7018.h4b", repositoryOpts },
      0,
    ],
    ["none", { chart: "jupyterhub", repositoryOpts }, 1],
    ["a range", { chart: "jupyterhub", version: "^4.3", repositoryOpts }, 1],
    ["the newest", { chart: "jupyterhub", version: ">0.0.0-0", repositoryOpts }, 1],
    ["half a version", { chart: "jupyterhub", version: "4", repositoryOpts }, 1],
    ["none, of a registry", { chart: "oci://ghcr.io/x/hub" }, 1],
    ["an exact one, of a registry", { chart: "oci://ghcr.io/x/hub", version: "1.0.0" }, 0],
    ["a repository that the machine knows", { chart: "jupyterhub/jupyterhub" }, 1],
    ["a folder of the catalog", { chart: "./catalog/charts/hub" }, 0],
    ["a packed chart", { chart: "catalog/hub-1.0.0.tgz" }, 0],
    ["a folder elsewhere that has a repository, too", { chart: "./hub", repositoryOpts }, 1],
  ])("%s", (_, props, count) => {
    expect(unpinnedChart(resource(RELEASE, props))).toHaveLength(count);
    expect(unpinnedChart(resource(NAMESPACE, props))).toEqual([]);
  });
});

describe("secrets", () => {
  class Hidden {}
  const found = (type: string, props: object) =>
    plainSecrets(resource(type, props), (value) => value instanceof Hidden).map((text) => text.split(" ")[0]);

  it.each<[string, object, readonly string[]]>([
    [
      "by their names",
      { values: { hub: { db: { password: "x" } }, proxy: { secretToken: "x" } } },
      ["values.hub.db.password", "values.proxy.secretToken"],
    ],
    ["in a list", { users: [{ api_token: "x" }] }, ["users[0].api_token"]],
    ["in a list of their own", { tokens: { token: ["x"] } }, ["tokens.token[0]"]],
    ["by their form", { note: "-----BEGIN RSA PRIVATE KEY-----\nx" }, ["note"]],
    ["by the form of a cloud's key", { env: [{ value: `AKIA${"A".repeat(16)}` }] }, ["env[0].value"]],
    ["not where they are encrypted", { password: new Hidden(), token: { secret: new Hidden() } }, []],
    ["not where a file shows that they are", { password: "[secret]" }, []],
    ["not where they are empty or not known yet", { password: "", token: UNKNOWN }, []],
    [
      "not where a place of one is named",
      { existingSecret: "hub", imagePullSecret: "pull", secretName: "x", token_url: "https://x" },
      [],
    ],
    ["not where it is a number or a switch", { automountServiceAccountToken: false, maxToken: 3 }, []],
    ["not in the code of a provider", { __provider: "const password = 1" }, []],
  ])("are found %s", (_, props, expected) => {
    expect(found(RELEASE, props)).toEqual(expected);
  });

  it("are all the data of a Secret", () => {
    const props = { metadata: { name: "x" }, stringData: { a: "plain" }, data: { b: new Hidden() } };
    expect(found("kubernetes:core/v1:Secret", props)).toEqual(["stringData.a"]);
  });

  it("are never in the message", () => {
    expect(plainSecrets(resource(RELEASE, { password: "canary" }), () => false).join()).not.toContain(
      "canary",
    );
  });
});

describe("production", () => {
  const release = (more: object = {}) => resource(RELEASE, { namespace: "hub" }, { protect: false, ...more });
  const namespace = resource(NAMESPACE, { metadata: { name: "hub" } }, { protect: false });
  const names = (...resources: Resource[]) => unprotected(resources).map(({ urn }) => urn.split("::")[2]);

  it("protects hubs, namespaces, articles and kernels, and nothing else has to be", () => {
    const kinds = ["Article", "ArticleLedger", "Kernelspec", "QbraidKernel"].map((kind) => `${OWN}${kind}`);
    const kept = [RELEASE, NAMESPACE, ...kinds];
    const others = [`${OWN}HubHealth`, "kubernetes:apps/v1:DaemonSet", "lectern:hub:Hub"];
    const all = [...kept, ...others].map((type) => resource(type, {}, { protect: false }));
    expect(names(...all)).toEqual(kept);
    expect(names(...all.map((one) => ({ ...one, protect: true })))).toEqual([]);
  });

  it("is every stack of its environment, and no other", () => {
    expect(names(release({ stack: "prod-campus" }))).toEqual([RELEASE]);
    expect(names(release({ stack: "staging" }), release({ stack: "production-like" }))).toEqual([]);
  });

  it("lets go of a hub that is retired, and of its namespace", () => {
    const retirement = resource(`${OWN}HubRetirement`, {}, { protect: false });
    expect(names(release(), namespace, retirement)).toEqual([]);
    expect(names(release({ ignoreChanges: ["*"] }), namespace)).toEqual([]);
    expect(names(release({ name: "east/other" }), retirement)).toEqual([RELEASE]);
    const elsewhere = resource(
      NAMESPACE,
      { metadata: { name: "hub" } },
      { protect: false, name: "west/hub" },
    );
    expect(names(release(), retirement, elsewhere)).toEqual([NAMESPACE]);
  });
});

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: object;
  readonly parent?: string;
  readonly protect?: boolean;
  readonly ignoreChanges?: readonly string[];
}

it.each(["sandbox", "staging", "prod", "hubs-staging", "hubs-prod"])(
  "what the program registers passes: %s",
  (name) => {
    const file = join(import.meta.dirname, "../../test/golden", `${name}.json`);
    const registered: Registered[] = JSON.parse(readFileSync(file, "utf8"));
    const stack = name.replace("hubs-", "");
    const resources = registered.map(({ inputs, protect = false, ignoreChanges = [], type, name: named }) =>
      resource(type, inputs, { stack, protect, ignoreChanges, name: named }),
    );
    // How the SDK marks what is a secret.
    const isSecret = (value: unknown) =>
      typeof value === "object" && value !== null && "4dabf18193072939515e22adb298388d" in value;
    const violations = resources.flatMap((one) => [
      ...unpinnedImages(one),
      ...unpinnedChart(one),
      ...plainSecrets(one, isSecret),
    ]);
    expect(violations).toEqual([]);
    expect(unprotected(resources)).toEqual([]);
    expect(resources.length).toBeGreaterThan(5);
  },
);
