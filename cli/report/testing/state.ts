const SIGNATURE = "4dabf18193072939515e22adb298388d";
/** What tests look for in everything that is printed. */
export const CANARY = "canary-5ecret";
/** A secret as a state has it; the canary is where its ciphertext is. */
export const SECRET = { [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", ciphertext: `v1:${CANARY}` };

export const DIGEST = `sha256:${"a".repeat(64)}`;
export const OTHER = `sha256:${"b".repeat(64)}`;
export const DEPLOYED = "2026-11-30T10:00:00.000Z";
/** When resources were last changed, as the real engine writes it. */
const CHANGED = "2026-11-29T08:00:00.123456789Z";
export const SINCE = "2026-11-29T08:00:00.123Z";

/** Every output that a stack may have. */
export const OUTPUTS = {
  articles: {
    "course/bell": {
      ...{ title: "Bell states", url: "https://qbook.example/bell", customId: "bell-1" },
      ...{ fingerprint: DIGEST, evidence: "status", kernels: ["Python 3"] },
    },
    "blog/dice": { title: "Dice", url: "javascript:alert(1)", customId: "d", fingerprint: OTHER },
  },
  forgotten: { "blog/old": { title: "Old", url: "https://u:p@qbook.example/old", customId: "o" } },
  kernels: {
    python: { displayName: "Python 3", image: `docker.io/lectern/python@${DIGEST}`, registration: "k/1" },
  },
  images: {
    "campus/lab": {
      ...{ repository: "docker.io/lectern/lab", prepull: [{ tag: "w_2026_10", digest: DIGEST }] },
      menu: [{ name: "Weekly 2026_10", tag: "w_2026_10", digest: DIGEST }],
      recommended: { tag: "w_2026_10", digest: DIGEST },
    },
  },
  aliases: { "campus/lab": { alias: "recommended", tag: "w_2026_09", digest: OTHER } },
  hubImages: { lab: { image: `ghcr.io/lectern/lab:0123@${DIGEST}` } },
  hubs: {
    "campus/prod": {
      ...{
        parts: { values: "v1", chart: "c1" },
        healthy: false,
        chart: "hub 0.1.0",
        url: "https://hub.example",
      },
      ...{ since: "2026-11-28T00:00:00Z", images: { lab: `ghcr.io/lectern/lab:0123@${DIGEST}` } },
    },
    "campus/idle": {
      parts: { values: "v2" },
      healthy: true,
      chart: "hub 0.1.0",
      url: SECRET,
      since: "",
      retired: true,
    },
  },
  support: { campus: { parts: { chart: "c" }, healthy: true, chart: "support 0.1.0" } },
  hubDeployments: SECRET,
  profiles: { campus: "[]" },
  holds: {
    "course/bell": { reason: "staging has not processed it yet", deployed: true },
    "kernel/new": { reason: "staging has not deployed it yet", deployed: false },
  },
  overrides: { "hub/campus/prod": { reason: "CVE-2026-1", until: "2026-12-24" } },
};

const urn = (types: string, name: string) => `urn:pulumi:prod::lectern::${types}::${name}`;
/** A resource below its component. */
const below = (component: string, name: string, type: string, more: object = {}) => ({
  ...{ urn: urn(`${component}$${type}`, name), type, custom: true, parent: urn(component, name) },
  ...{ created: "2026-11-01T00:00:00Z", modified: CHANGED, outputs: { token: SECRET }, ...more },
});

/** A state that `pulumi stack export` prints. */
export const stateWith = (outputs: object = OUTPUTS): object => ({
  version: 3,
  deployment: {
    manifest: { time: DEPLOYED, magic: "m", version: "v3.260.0" },
    secrets_providers: { type: "passphrase", state: { salt: CANARY } },
    resources: [
      {
        urn: urn("pulumi:pulumi:Stack", "lectern-prod"),
        type: "pulumi:pulumi:Stack",
        custom: false,
        outputs,
      },
      below("lectern:article:Course", "bell", "pulumi-nodejs:dynamic/lectern:Article"),
      below("lectern:article:Course", "bell", "pulumi-nodejs:dynamic/lectern:ArticleLedger", {
        modified: "2026-11-30T00:00:00Z",
      }),
      below("lectern:kernel:Kernel", "python", "pulumi-nodejs:dynamic/lectern:Kernelspec"),
      below("lectern:image:RecommendedImage", "campus-lab", "pulumi-nodejs:dynamic/lectern:ImageAlias"),
      below("lectern:cluster:Cluster$lectern:hub:Hub", "campus/idle", "kubernetes:helm.sh/v3:Release"),
      {
        ...below(
          "lectern:cluster:Cluster$lectern:cluster:Support",
          "campus",
          "kubernetes:helm.sh/v3:Release",
        ),
        urn: urn(
          "lectern:cluster:Cluster$lectern:cluster:Support$kubernetes:helm.sh/v3:Release",
          "campus/support",
        ),
      },
    ],
  },
});
