import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { changesOf, type JsonReport } from "./command.ts";
import { openWorkplace, type Workplace } from "./workplace.ts";

const KUBECONFIG = `
apiVersion: v1
kind: Config
current-context: nobody
contexts: [{name: nobody, context: {cluster: nobody, user: nobody}}]
clusters: [{name: nobody, cluster: {server: "https://127.0.0.1:9"}}]
users: [{name: nobody, user: {token: none}}]
`;

interface Selected {
  readonly menu: readonly { readonly name: string; readonly digest: string }[];
  readonly prepull: readonly { readonly digest: string }[];
}

let place: Workplace;
beforeEach(async () => {
  place = await openWorkplace();
  recommend("w_2026_10");
  place.repository.write("clusters/campus/node-groups.json", [
    { slug: "standard", display_name: "Standard", node_selector: { group: "standard" } },
    { slug: "gpu", display_name: "GPU", node_selector: { group: "gpu" } },
  ]);
  offerImages();
  place.repository.commit();
});
afterEach(() => place.close());

function offerImages(): void {
  const profile = "- {display_name: Standard, node_groups: standard, images: lab}\n";
  place.repository.write("clusters/campus/profiles.yaml", profile);
}

function recommend(tag: string): void {
  const policy = { recommended: tag, releases: 1, weeklies: 1, dailies: 0 };
  const lab = { repository: "lectern/lab", alias: "recommended", policy };
  place.repository.write("clusters/campus/images.yaml", JSON.stringify({ lab }));
}

const text = (report: JsonReport) => JSON.stringify([report.steps, report.diagnostics]);
const selectionOf = (report: JsonReport) =>
  (report.outputs["images"] as Record<string, Selected>)["campus/lab"] ?? { menu: [], prepull: [] };
const isAlias = ({ type }: { type: string }) => /ImageAlias/.test(type);
const aliasOf = (report: JsonReport) =>
  (report.outputs["aliases"] as Record<string, { tag: string; digest: string }>)["campus/lab"];

describe("images in the sandbox", () => {
  it("move the alias by digest, render the prepull manifests, and then rest", async () => {
    const plan = await place.json("preview");
    expect(plan.code, text(plan)).toBe(0);
    expect(plan.progress.join("\n")).toMatch(
      /recommended: Weekly 2026_09 \(sha256:\w+…\) → Weekly 2026_10 \(sha256:\w+…\)/,
    );
    const up = await place.json("up");
    expect(up.code, text(up)).toBe(0);
    expect(changesOf(up)).toEqual([
      "create DaemonSet campus-prepull-on-standard",
      "create ImageAlias campus-lab",
    ]);
    expect(aliasOf(up)?.tag).toBe("w_2026_10");

    const folder = join(place.state, "state/rendered/sandbox");
    const [manifest = ""] = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
    expect(manifest).toContain(`docker.io/lectern/lab@${aliasOf(up)?.digest}`);

    const calm = await place.json("up", "--expect-no-changes");
    expect(calm.code, text(calm)).toBe(0);

    recommend("w_2026_44");
    const moved = await place.json("up");
    expect(changesOf(moved)).toContain("update ImageAlias campus-lab");
    expect(moved.progress.join("\n")).toMatch(/Weekly 2026_10 .* → Weekly 2026_44/);

    const back = ["--config", 'images={"campus/lab":{"rollback":true}}'];
    const rolledBack = await place.json("up", ...back);
    expect(rolledBack.code, text(rolledBack)).toBe(0);
    expect(aliasOf(rolledBack)?.digest).toBe(aliasOf(up)?.digest);
    for (const report of [rolledBack, await place.json("up", ...back)]) {
      const { menu, prepull } = selectionOf(report);
      expect(menu[0]).toMatchObject({ name: "Recommended (Weekly 2026_10)", digest: aliasOf(up)?.digest });
      expect(menu.map(({ name }) => name)).toContain("Weekly 2026_44");
      expect(prepull.map(({ digest }) => digest)).toContain(aliasOf(up)?.digest);
    }
    const [held = ""] = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
    expect(held).toContain(`docker.io/lectern/lab@${aliasOf(up)?.digest}`);
  });

  it("stay on the nodes where profiles.yaml vanishes, until its removal is confirmed", async () => {
    const up = await place.json("up");
    expect(up.code, text(up)).toBe(0);
    place.repository.drop("clusters/campus/profiles.yaml");
    const refused = await place.json("preview");
    expect(refused.code).toBe(1);
    expect(text(refused)).toMatch(
      /would remove 1 of 1 menus of hubs, and the DaemonSets that hold their images.*profiles\/campus/,
    );
    const confirmed = await place.json("preview", "--config", 'confirmRemovals=["profiles/campus"]');
    expect(confirmed.code, text(confirmed)).toBe(0);
    expect(changesOf(confirmed)).toContain("delete DaemonSet campus-prepull-on-standard");
    expect(text(confirmed)).toContain("lab: there is no profiles.yaml that offers these images");
  });

  it("are brought to every repository of an entry, and the alias is moved there too", async () => {
    const policy = { recommended: "w_2026_10", releases: 1, weeklies: { count: 1 }, dailies: 0 };
    const lab = { repository: ["lectern/lab", "lectern/east"], alias: "recommended", policy };
    place.repository.write("clusters/campus/images.yaml", JSON.stringify({ lab }));
    const up = await place.json("up");
    expect(up.code, text(up)).toBe(0);
    const digest = aliasOf(up)?.digest.slice(0, 19);
    expect(up.progress.join("\n")).toContain(`docker.io/lectern/east now has ${digest}…`);
    for (const name of ["lab", "east"])
      expect(up.progress.join("\n")).toContain(`docker.io/lectern/${name}:recommended now names ${digest}…`);
    const calm = await place.json("up", "--expect-no-changes");
    expect(calm.code, text(calm)).toBe(0);
  });

  it("are refused where two entries would move one alias to different images", async () => {
    const policy = { releases: 1 };
    const entry = { repository: "lectern/lab", alias: "recommended" };
    place.repository.write(
      "clusters/campus/images.yaml",
      JSON.stringify({
        lab: { ...entry, policy: { ...policy, recommended: "w_2026_44" } },
        other: {
          ...entry,
          repository: "docker.io/lectern/lab",
          policy: { ...policy, recommended: "w_2026_10" },
        },
      }),
    );
    const plan = await place.json("preview");
    expect(plan.code).toBe(1);
    expect(text(plan)).toMatch(
      /images\.yaml:1:\d+ other\.alias: docker\.io\/lectern\/lab:recommended would be moved/,
    );
  });

  describe("on a cluster that does not answer: which of its nodes hold them is not known", () => {
    beforeEach(() => {
      const kubeconfig = join(place.state, "../kubeconfig");
      writeFileSync(kubeconfig, KUBECONFIG);
      vi.stubEnv("KUBECONFIG", kubeconfig);
    });
    afterEach(() => vi.unstubAllEnvs());
    const impatient = ["--config", 'clusters={"campus":{"patience":1}}'];
    const upStaging = (...options: string[]) =>
      place.json("up", "--stack", "staging", ...impatient, ...options);

    it("are not proven by staging, and its alias stays where it is", async () => {
      const staging = await upStaging();
      expect(staging.code, text(staging)).toBe(1);
      const waits = staging.steps.filter(({ type }) => /PrepullReadiness/.test(type));
      expect(waits.map(({ name, error }) => [name, error !== undefined])).toEqual(
        expect.arrayContaining([
          ["campus", true],
          ["campus/lab", true],
        ]),
      );
      expect(staging.steps.find(isAlias), text(staging)).toBeUndefined();
      const prod = await place.json("preview", "--stack", "prod");
      expect(text(prod)).toContain("staging has not selected them yet");
    });

    it("don't keep the alias waiting where a person decided so", async () => {
      const staging = await upStaging("--config", 'images={"campus/lab":{"waitForNodes":false}}');
      expect(staging.steps.find(isAlias), text(staging)).toMatchObject({ op: "create" });
      expect(staging.steps.find(isAlias)).not.toHaveProperty("error");
      expect(staging.steps.find(({ name }) => name === "campus/lab")).toBeUndefined();
    });
  });

  it("are refused where the configuration names an entry or a cluster that does not exist", async () => {
    const plan = await place.json(
      "preview",
      "--config",
      'images={"campus/lob":{"rollback":true}}',
      "--config",
      'clusters={"campsu":{"patience":0}}',
    );
    expect(plan.code).toBe(1);
    expect(text(plan)).toMatch(/lectern:images\.campus\/lob: .*Did you mean \\+"campus\/lab\\+"/);
    expect(text(plan)).toMatch(/lectern:clusters\.campsu: .*Did you mean \\+"campus\\+"/);
  });

  it("reach prod by the digests that staging has selected", async () => {
    const early = await place.json("up", "--stack", "staging");
    expect(early.code, text(early)).toBe(0);
    recommend("w_2026_44");
    const prod = await place.json("up", "--stack", "prod");
    expect(prod.code, text(prod)).toBe(0);
    expect(aliasOf(prod)).toMatchObject({ tag: "w_2026_10", digest: aliasOf(early)?.digest });
    expect(text(prod)).toContain(
      "images campus/lab are held unchanged: staging selected with a different images.yaml",
    );
  });

  it("stay as they are in prod while staging is rolled back from what it recommends", async () => {
    const first = await place.json("up", "--stack", "staging");
    expect(first.code, text(first)).toBe(0);
    expect((await place.json("up", "--stack", "prod")).code).toBe(0);
    recommend("w_2026_44");
    expect((await place.json("up", "--stack", "staging")).code).toBe(0);
    const rollback = 'images={"campus/lab":{"rollback":true}}';
    const staging = await place.json("up", "--stack", "staging", "--config", rollback);
    expect(aliasOf(staging)?.digest, text(staging)).toBe(aliasOf(first)?.digest);
    const prod = await place.json("up", "--stack", "prod", "--expect-no-changes");
    expect(prod.code, text(prod)).toBe(0);
    expect(text(prod)).toContain("staging is rolled back from w_2026_44, which it recommends");
    expect(aliasOf(prod)).toMatchObject({ tag: "w_2026_10", digest: aliasOf(first)?.digest });
  });

  it("are held in prod, with what offers them, until staging has selected them", async () => {
    place.repository.drop("clusters/campus/images.yaml");
    place.repository.drop("clusters/campus/profiles.yaml");
    const staging = await place.json("up", "--stack", "staging");
    expect(staging.code, text(staging)).toBe(0);
    recommend("w_2026_10");
    offerImages();
    const plan = await place.json("preview", "--stack", "prod");
    expect(plan.code).toBe(1);
    expect(text(plan)).toMatch(
      /profiles\.yaml:\d+:\d+ \[0\]\.images: .*held: staging has not selected them yet/,
    );
    expect(text(plan)).not.toContain("has no entry");
  });

  it("that don't exist fail the preview with the nearest tags, and nothing moves", async () => {
    recommend("w_2026_11");
    const plan = await place.json("preview");
    expect(plan.code).toBe(1);
    expect(text(plan)).toMatch(
      /clusters\/campus\/images\.yaml:1:\d+ lab\.policy\.recommended: .*w_2026_11.*w_2026_10/,
    );
  });
});
