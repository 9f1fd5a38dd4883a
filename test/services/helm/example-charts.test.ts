import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { manifestsIn } from "../../../components/hub/objects/manifests.ts";
import { findHelm, requireService } from "../require.ts";

const CATALOG = join(import.meta.dirname, "../../../catalog");
const CAMPUS = join(CATALOG, "clusters/campus");

// Whoever uses the project puts a catalog of their own in the example's place.
const isExample = existsSync(join(CATALOG, "charts/hub")) && existsSync(join(CAMPUS, "common.yaml"));

requireService("Helm (what helm/build.sh builds)", findHelm, (helm) => {
  const template = (chart: string, ...more: string[]) =>
    execFileSync(helm, ["template", "staging", join(CATALOG, "charts", chart), ...more], {
      encoding: "utf8",
    });
  const values = (...names: string[]) => names.flatMap((name) => ["--values", join(CAMPUS, name)]);

  it.skipIf(!isExample).each(["staging.yaml", "prod.yaml"])(
    "the hub of the example has every object, with %s",
    (own) => {
      const objects = manifestsIn(template("hub", ...values("common.yaml", own)));
      expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()).toEqual([
        "ConfigMap hub",
        "Deployment hub",
        "Deployment proxy",
        "Job hub-check",
        "PersistentVolumeClaim hub-db-dir",
        "Role hub",
        "RoleBinding hub",
        "Secret hub",
        "Service hub",
        "Service proxy-api",
        "Service proxy-public",
        "ServiceAccount hub",
      ]);
    },
  );

  it.skipIf(!isExample)(
    "profiles and the image of users reach the hub's ConfigMap, and restart the hub when they change",
    () => {
      const of = (tag: string) => {
        const set = ["--set-string", `singleuser.image.tag=${tag}`, "--set-json", PROFILES];
        const objects = manifestsIn(template("hub", ...set));
        const find = (kind: string) =>
          objects.find((one) => one.kind === kind && one.metadata.name === "hub") as {
            [key: string]: unknown;
          };
        return { data: find("ConfigMap")["data"], spec: JSON.stringify(find("Deployment")["spec"]) };
      };
      const PROFILES = 'singleuser.profileList=[{"display_name":"Standard"}]';
      const one = of("1");
      expect(one.data).toMatchObject({
        image: expect.stringMatching(/:1$/),
        "profiles.json": expect.stringContaining('"display_name": "Standard"'),
      });
      const checksum = /"checksum\/config":"[0-9a-f]{64}"/;
      expect(one.spec.match(checksum)?.[0]).toBe(of("1").spec.match(checksum)?.[0]);
      expect(one.spec.match(checksum)?.[0]).not.toBe(of("2").spec.match(checksum)?.[0]);
    },
  );

  it.skipIf(!isExample)("an unknown key is refused by the chart's schema", () => {
    expect(() => template("hub", "--set", "hub.asdf=1")).toThrow(/additional properties 'asdf' not allowed/);
  });

  it.skipIf(!isExample)("the support of the example has its page", () => {
    const objects = manifestsIn(template("support"));
    expect(objects.map(({ kind }) => kind).sort()).toEqual(["ConfigMap", "Deployment"]);
  });
});
