import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, it } from "vitest";
import { stringify } from "yaml";
import type { NodeGroup } from "../../../../components/cluster/node-groups/node-groups.ts";
import { renderProfileList } from "../../../../components/hub/profiles/profile-list.ts";
import { readProfiles } from "../../../../components/hub/profiles/profiles-file.ts";
import { readImagesFile } from "../../../../components/image/selection/images-file.ts";
import { systemClock } from "../../../../components/resource/context/clock.ts";
import { renderTemplate } from "../../../../studio/server/form/kubespawner/render-template.ts";
import { plain } from "../../../../studio/server/form/list/helm-order.ts";
import { studentsList } from "../../../../studio/server/form/list/students-list.ts";
import { someProfiles } from "../../../../studio/server/form/testing/some-profiles.ts";
import { pythonIndex } from "../../../../studio/server/form/wheels/python-index.ts";
import { WheelCache } from "../../../../studio/server/form/wheels/wheel-cache.ts";
import { KUBESPAWNER } from "../../../../studio/server/form/wheels/wheels.ts";
import { findHelm, findKubeSpawner, requireService } from "../../require.ts";

const KEPT = join(import.meta.dirname, "../../../../.cache/services/lectern/wheels");
const SCRIPT = join(import.meta.dirname, "render_forms.py");

const NODE_GROUPS: readonly NodeGroup[] = ["standard", "9", "10"].map((slug) => ({
  slug,
  display_name: `Nodes ${slug}`,
  node_selector: { pool: slug },
}));
const IMAGES = readImagesFile(
  stringify({
    lab: {
      repository: "ghcr.io/campus/lab",
      alias: "recommended",
      policy: { recommended: "w_2026_10", releases: 1 },
    },
    gpu: { repository: "ghcr.io/campus/gpu", policy: { weeklies: 2, pin: ["r1_0_0"] } },
  }),
  "images.yaml",
);

/** A list of profiles as the hub reads it: written into values, handed on by the chart's `toYaml`. */
function throughHelm(helm: string, lists: readonly unknown[]): string[] {
  const chart = mkdtempSync(join(tmpdir(), "chart-"));
  mkdirSync(join(chart, "templates"));
  writeFileSync(join(chart, "Chart.yaml"), "apiVersion: v2\nname: hub\nversion: 1.0.0\n");
  writeFileSync(
    join(chart, "templates/list.yaml"),
    "{{ range .Values.lists }}# {{ . | toYaml | b64enc }}\n{{ end }}",
  );
  writeFileSync(join(chart, "values.yaml"), JSON.stringify({ lists }));
  const printed = execFileSync(helm, ["template", "hub", chart], { encoding: "utf8", maxBuffer: 2 ** 28 });
  return [...printed.matchAll(/^# ([\w+/=]{4,})$/gm)].map(([, text = ""]) =>
    Buffer.from(text, "base64").toString(),
  );
}

interface Rendered {
  readonly html: string;
  readonly list: unknown;
}

/** What a real KubeSpawner renders of each. It wants to know of a cluster, and asks it nothing. */
function byKubeSpawner(python: string, texts: readonly string[]): Rendered[] {
  const kubeconfig = join(mkdtempSync(join(tmpdir(), "kube-")), "config");
  const none = {
    clusters: [{ name: "none", cluster: { server: "https://127.0.0.1:1" } }],
    users: [{ name: "none", user: {} }],
  };
  const contexts = [{ name: "none", context: { cluster: "none", user: "none" } }];
  writeFileSync(
    kubeconfig,
    stringify({ apiVersion: "v1", kind: "Config", ...none, contexts, "current-context": "none" }),
  );
  const options = { input: JSON.stringify(texts), encoding: "utf8", maxBuffer: 2 ** 28 } as const;
  const env = { ...process.env, KUBECONFIG: kubeconfig };
  return JSON.parse(execFileSync(python, [SCRIPT], { ...options, env, stdio: ["pipe", "pipe", "ignore"] }));
}

requireService("Helm (what helm/build.sh builds)", findHelm, (helm) => {
  requireService("a real KubeSpawner", findKubeSpawner, (python) => {
    const template = async () => {
      const cache = new WheelCache(KEPT, pythonIndex({ fetch, clock: systemClock }, process.env));
      const files = await cache.files(KUBESPAWNER, [KUBESPAWNER.form, KUBESPAWNER.style]);
      return { form: files.get(KUBESPAWNER.form) ?? "", style: files.get(KUBESPAWNER.style) ?? "" };
    };

    const compare = async (written: readonly unknown[]) => {
      const files = written.map((profiles) => readProfiles(stringify(profiles), "profiles.yaml"));
      const cluster = { images: IMAGES, nodeGroups: NODE_GROUPS };
      const ours = files.map((profiles) =>
        studentsList({ ...cluster, profiles }, { chart: undefined, set: {} }, MENUS),
      );
      const deployed = files.map((file) =>
        renderProfileList(file, { nodeGroups: NODE_GROUPS, menus: MENUS }).map(({ profile }) => profile),
      );
      const real = byKubeSpawner(python, throughHelm(helm, deployed));
      const form = await template();
      expect(real).toHaveLength(written.length);
      for (const [index, list] of ours.entries()) {
        expect({ html: renderTemplate(form, list), list: list.map(plain) }).toEqual(real[index]);
      }
    };

    it("the form is what a real KubeSpawner renders from the values that Helm hands on, whatever the profiles", async () => {
      await compare(fc.sample(someProfiles, { numRuns: 200, seed: 13 }));
    });

    it("so it is with menus of images and several node groups", async () => {
      await compare([
        [{ display_name: "Lab", images: "lab", node_groups: ["10", "9", "standard"] }],
        [
          { display_name: "Both", images: ["gpu", "lab"], node_groups: "standard" },
          { display_name: "Plain" },
        ],
      ]);
    });
  });
});

const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const MENUS = {
  lab: {
    repository: "ghcr.io/campus/lab",
    alias: "recommended",
    recommended: { tag: "w_2026_10", digest: digest("a") },
    menu: [
      { name: "Recommended (Weekly 2026_10)", tag: "recommended", digest: digest("a") },
      { name: "Weekly 2026_9", tag: "w_2026_09", digest: digest("b") },
    ],
  },
  gpu: {
    repository: "ghcr.io/campus/gpu",
    menu: [
      { name: "Weekly 2026_9", tag: "w_2026_09", digest: digest("c") },
      { name: "Release r1.0.0", tag: "r1_0_0", digest: digest("d") },
    ],
  },
};
