import { expect, test } from "vitest";
import { whichForm } from "./which-form.ts";

const umbrella = { name: "hub", values: {}, file: "", charts: [], dependencies: [{ name: "jupyterhub" }] };
const SETUP = "from jupyterhub_fancy_profiles import setup_ui\nsetup_ui(c)\n";

test.each([
  ["nothing", {}, { kind: "kubespawner" }],
  ["no script that sets up a form", { hub: { extraConfig: { a: "c.X.y = 1" } } }, { kind: "kubespawner" }],
  [
    "a script of extraConfig",
    { hub: { extraConfig: { "01-form": SETUP } } },
    { kind: "fancy", path: "hub.extraConfig.01-form" },
  ],
  [
    "an import among others",
    { hub: { extraConfig: { a: "import os, jupyterhub_fancy_profiles as f" } } },
    { kind: "fancy", path: "hub.extraConfig.a" },
  ],
  [
    "a file of the hub",
    { hub: { extraFiles: { form: { stringData: SETUP } } } },
    { kind: "fancy", path: "hub.extraFiles.form.stringData" },
  ],
  ["a comment", { hub: { extraConfig: { a: `# ${SETUP.split("\n")[0]}` } } }, { kind: "kubespawner" }],
  [
    "a template of its own in Python",
    { hub: { extraConfig: { a: "c.KubeSpawner.profile_form_template = '<p>'" } } },
    { kind: "custom", path: "hub.extraConfig.a" },
  ],
  [
    "a template of its own among the settings",
    { hub: { config: { KubeSpawner: { additional_profile_form_template_paths: ["/etc/forms"] } } } },
    { kind: "custom", path: "hub.config.KubeSpawner.additional_profile_form_template_paths" },
  ],
  [
    "an empty list of templates",
    { hub: { config: { KubeSpawner: { additional_profile_form_template_paths: [] } } } },
    { kind: "kubespawner" },
  ],
])("a hub whose values have %s shows the form %#", (_what, values, form) => {
  expect(whichForm(values, undefined)).toEqual(form);
});

test("the values of JupyterHub's chart are found in a chart that uses it", () => {
  const values = { jupyterhub: { hub: { extraConfig: { form: SETUP } } } };
  expect(whichForm(values, umbrella).kind).toBe("fancy");
  expect(whichForm(values, undefined).kind).toBe("kubespawner");
});
