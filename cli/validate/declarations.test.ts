import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  course,
  markdownCell,
  notebook,
  PIXEL,
  writeArticle,
  writeFiles,
} from "../../components/article/source/testing/articles.ts";
import { type ValidateOptions, validate } from "./validate.ts";

const GOOD = { "course.json": course(), "one.ipynb": notebook([markdownCell("# One")]), "logo.png": PIXEL };

async function run(dirs: string[], options: ValidateOptions = {}) {
  let out = "";
  const write = (text: string) => {
    out += text;
  };
  return { code: await validate(dirs, options, { out: write, err: write, pretty: false }), out };
}

/** A catalog with a course and the kernel that it names. */
async function catalog(): Promise<string> {
  const root = join(dirname(await writeArticle()), "catalog");
  await writeFiles(join(root, "courses", "good"), GOOD);
  await writeFiles(join(root, "kernels", "qubits"), {
    "kernel.yaml": "display_name: Qubits\nlanguage: python\nimage: lectern/qubits:2026.1\n",
  });
  return root;
}

describe("kernels and clusters", () => {
  const wrong = async () => {
    const root = await catalog();
    await writeFiles(join(root, "kernels", "twin"), {
      "kernel.yaml": "display_name: Qubits\nlanguage: python\nimage: lectern/qubits:2026.1\nenvy: {}\n",
    });
    await writeFiles(join(root, "clusters", "campus"), {
      "profiles.yaml": "- display_name: Lab\n  node_groups: gpu\n  images: science\n",
      "images.yaml": "science:\n  repository: lectern/lab\n  policy: { recommended: w_2026_10 }\n",
      "node-groups.json": '[{ "slug": "cpu", "display_name": "CPU", "node_selector": { "pool": "cpu" } }]',
    });
    return root;
  };

  it("are checked with a catalog, each problem with file, line and remedy", async () => {
    const root = await wrong();
    const { code, out } = await run([root]);
    expect(code).toBe(1);
    expect(out).toContain(
      `${root}/kernels/twin/kernel.yaml:4:1 envy: unknown key "envy". Did you mean "env"? [unknown-key]`,
    );
    expect(out).toMatch(/clusters\/campus\/profiles\.yaml:2:\d+ \[0\]\.node_groups: .*"gpu".*\n/);
    expect(out).toMatch(/1 article, 2 kernels and 1 cluster checked, 2 errors/);
  });

  it.each(["kernels", "kernels/qubits", "clusters", "clusters/campus"])(
    "%s is checked alone",
    async (path) => {
      const { out } = await run([join(await wrong(), path)]);
      expect(out).toMatch(
        path.startsWith("kernels") ? /^[\s\S]*\d kernels? checked/ : /1 cluster checked, 1 error/,
      );
      expect(out).not.toMatch(/\d article|course\.json|kernelId/);
    },
  );

  it("are in the JSON document beside the articles", async () => {
    const { out } = await run([await wrong()], { json: true });
    const { declarations } = JSON.parse(out);
    expect(declarations.map(({ kind, slug }: { kind: string; slug: string }) => `${kind}/${slug}`)).toEqual([
      "cluster/campus",
      "kernel/qubits",
      "kernel/twin",
    ]);
  });

  it("note a folder of the catalog that nothing reads", async () => {
    const root = await catalog();
    await writeFiles(join(root, "course", "bell"), GOOD);
    const { out } = await run([root]);
    expect(out).toMatch(
      /note: .*\/course is not deployed, as a catalog has courses, blogs, kernels, clusters, charts, images and a calendar;/,
    );
  });
});

describe("images of hubs", () => {
  const named = async (name: string) => {
    const root = await catalog();
    await writeFiles(join(root, "clusters", "campus"), {
      "cluster.yaml": "values: [common.yaml]\nhubs: [{ name: staging, chart: hub }]\n",
      "common.yaml": `singleuser:\n  image: lectern://images/${name}\n`,
      "profiles.yaml": `- display_name: GPU\n  kubespawner_override:\n    image: lectern://images/${name}\n`,
    });
    await writeFiles(join(root, "charts", "hub"), {
      "Chart.yaml": "apiVersion: v2\nname: hub\nversion: 1.0.0\n",
    });
    await writeFiles(join(root, "images", "lab"), { Dockerfile: "FROM ubuntu:24.04\n" });
    return root;
  };

  it("are checked with a catalog that names them", async () => {
    const { code, out } = await run([await named("lab")]);
    expect(out).toMatch(/^1 article, 1 kernel, 1 cluster, 1 chart and 1 image checked, no problems found/);
    expect(code).toBe(0);
  });

  it("that are unknown are reported wherever they are named, with the nearest", async () => {
    const { out } = await run([await named("lap")]);
    expect(out).toMatch(/campus\/common\.yaml:2:10 singleuser\.image: .*"lap"\. Did you mean "lab"\?/);
    expect(out).toMatch(/campus\/profiles\.yaml:3:\d+ \[0\]\.kubespawner_override\.image: .*"lap"/);
  });

  it("are warned of where nothing names them, and checked all the same", async () => {
    const root = await named("lab");
    await writeFiles(join(root, "images", "spare"), { Dockerfile: "FROM ubuntu\n" });
    const { out } = await run([root]);
    expect(out).toMatch(/^warning: \S+images\/spare\/Dockerfile: .*lectern:\/\/images\/spare/m);
    expect(out).toMatch(/^error: \S+images\/spare\/Dockerfile:1.* ubuntu has neither tag nor digest/m);
  });
});

describe("delegates", () => {
  const withDelegates = async (nodeGroups: string) => {
    const root = await catalog();
    await writeFiles(join(root, "clusters", "campus"), {
      "cluster.yaml": `delegates:\n- {who: ["@ada"], nodeGroups: ${nodeGroups}}\n`,
      "node-groups.json": '[{ "slug": "cpu", "display_name": "CPU", "node_selector": { "pool": "cpu" } }]',
    });
    return root;
  };

  it("are warned of where they may name a node group that the cluster does not have", async () => {
    const { code, out } = await run([await withDelegates("[cpu, gpus]")]);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^warning: \S+campus\/cluster\.yaml:2:\d+ delegates\[0\]\.nodeGroups\[1\]: node-groups\.json has no group "gpus"/m,
    );
    expect((await run([await withDelegates("[cpu]")])).out).toMatch(/no problems found/);
  });

  it("have the nearest group suggested", async () => {
    expect((await run([await withDelegates("[cpus]")])).out).toContain('Did you mean "cpu"?');
  });
});

describe("charts", () => {
  const chart = (version: string) => ({ "Chart.yaml": `apiVersion: v2\nname: hub\nversion: ${version}\n` });
  const hubs = { "cluster.yaml": "hubs: [{ name: staging, chart: hub }]\n" };
  const withCharts = async (version: string) => {
    const root = await catalog();
    await writeFiles(join(root, "clusters", "campus"), hubs);
    await writeFiles(join(root, "clusters", "other"), hubs);
    await writeFiles(join(root, "charts", "hub"), chart(version));
    return root;
  };

  it("are checked with a catalog, a broken one reported once", async () => {
    const { code, out } = await run([await withCharts("[]")]);
    expect(code).toBe(1);
    expect(out.match(/charts\/hub\/Chart\.yaml:3:10 version: /g)).toHaveLength(1);
    expect(out).toMatch(/1 article, 1 kernel, 2 clusters and 1 chart checked, 1 error in 1 of them/);
  });

  it("are checked with a cluster that names them", async () => {
    const { out } = await run([join(await withCharts("[]"), "clusters/campus")]);
    expect(out).toMatch(/catalog\/charts\/hub\/Chart\.yaml:3:10 version: /);
    expect(out).toMatch(/1 cluster checked, 1 error/);
  });

  it("are warned of where no cluster names them, and not without the clusters", async () => {
    const root = await withCharts("1.0.0");
    await writeFiles(join(root, "charts", "spare"), chart("1.0.0"));
    const { code, out } = await run([root]);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^warning: \S+charts\/spare\/Chart\.yaml: no cluster names this chart.*`chart: spare`.*\n/m,
    );
    expect(out).toMatch(/1 warning in 1 of them/);
    expect((await run([join(root, "charts/spare")])).out).toMatch(/^1 chart checked, no problems found/);
  });
});

describe("values of hubs", () => {
  const SCHEMA = {
    properties: {
      hub: { additionalProperties: false, required: ["token"], properties: { replicas: {}, token: {} } },
    },
  };
  const withHubs = async (files: Readonly<Record<string, string>>) => {
    const root = await catalog();
    await writeFiles(join(root, "charts", "hub"), {
      "Chart.yaml": "apiVersion: v2\nname: hub\nversion: 1.0.0\n",
      "values.schema.json": JSON.stringify(SCHEMA),
    });
    await writeFiles(join(root, "clusters", "campus"), {
      "cluster.yaml": `
values: [common.yaml]
hubs:
- { name: staging, chart: hub, secrets: [enc.yaml] }
- { name: campus, chart: hub, secrets: [enc.yaml] }
`,
      "enc.yaml": "hub:\n  token: ENC[x]\nsops:\n  mac: ENC[y]\n  version: 3.9.0\n",
      ...files,
    });
    return root;
  };

  it("are checked against the chart's schema, a shared file's problem reported once", async () => {
    const { code, out } = await run([await withHubs({ "common.yaml": "hub:\n  replica: 2\n" })]);
    expect(code).toBe(1);
    expect(out.match(/common\.yaml:2:3 hub\.replica: unknown key "replica"/g)).toHaveLength(1);
    expect(out).not.toContain("token");
  });

  it("are checked without a key: secrets only have to be encrypted", async () => {
    const valid = { "common.yaml": "hub: {replicas: 2}\n" };
    expect((await run([await withHubs(valid)])).code).toBe(0);
    const { code, out } = await run([await withHubs({ ...valid, "enc.yaml": "hub: {token: hush}\n" })]);
    expect(code).toBe(1);
    expect(out).toMatch(/campus\/enc\.yaml: secrets have to be encrypted with sops/);
    expect(out).not.toContain("hush");
  });

  it("have every fault of their files reported", async () => {
    const { out } = await run([await withHubs({ "common.yaml": "a: 1\na: 2\nb: 1\nb: 2\n" })]);
    expect(out).toMatch(/common\.yaml:2:1: this key occurs twice/);
    expect(out).toMatch(/common\.yaml:4:1: this key occurs twice/);
  });
});

describe("the calendar", () => {
  const EVENT =
    "id: a, kind: lecture, title: A, hub: campus/lab, start: 2026-10-05T09:15, end: 2026-10-05T11:00";
  const withCalendar = async (fields: string) => {
    const root = await catalog();
    await writeFiles(join(root, "charts", "hub"), {
      "Chart.yaml": "apiVersion: v2\nname: hub\nversion: 1.0.0\n",
    });
    await writeFiles(join(root, "clusters", "campus"), {
      "cluster.yaml": "hubs: [{name: lab, chart: hub, gate: none}]\n",
    });
    await writeFiles(join(root, "calendar"), {
      "autumn.yaml": `timeZone: Europe/Rome\nevents: [{${EVENT}, ${fields}}]\n`,
    });
    return root;
  };

  it("is checked with a catalog, and is no folder that is not deployed", async () => {
    const { code, out } = await run([await withCalendar("people: 300")]);
    expect(out).toMatch(/^1 article, 1 kernel, 1 cluster, 1 chart and 1 calendar checked, no problems found/);
    expect(code).toBe(0);
  });

  it.each(["", "calendar"])(
    "has every problem reported with its place, where %j is checked",
    async (path) => {
      const root = await withCalendar("repeat: weekly, except: [2026-10-12], course: none");
      const { code, out } = await run([join(root, path)]);
      expect(code).toBe(1);
      expect(out).toContain(
        `${root}/calendar/autumn.yaml:2:133 events[0].except[0]: expected a local time such as`,
      );
    },
  );

  it("names the hub that a mistyped one may have meant", async () => {
    const { out } = await run([join(await withCalendar("profile: any"), "calendar")]);
    expect(out).toMatch(/^1 calendar checked, no problems found/);
    const root = await withCalendar("people: 1");
    await writeFiles(join(root, "clusters", "campus"), {
      "cluster.yaml": "hubs: [{name: lap, chart: hub, gate: none}]\n",
    });
    expect((await run([root])).out).toContain(
      'the catalog has no hub "campus/lab". Did you mean "campus/lap"?',
    );
  });
});
