import { describe, expect, it } from "vitest";
import { KUBESPAWNER_TRAITS } from "./kubespawner-traits.ts";
import { traitFault } from "./trait-values.ts";

const faultOf = (name: string, value: unknown) =>
  traitFault(name, KUBESPAWNER_TRAITS.get(name) ?? "function", value);

describe("values of traits that KubeSpawner refuses", () => {
  it.each([
    ["mem_limit", "4Gi", "Write 4G: "],
    ["mem_guarantee", "512m", "Write 512M: "],
    ["mem_limit", "1024", "Write a number of bytes"],
    ["cpu_limit", "2", "Write 2: "],
    ["uid", "1000", "Write 1000: "],
    ["hub_connect_ip", null, "Write a string"],
    ["poll_jitter", 2, "Write a number from 0 to 1"],
    ["poll_jitter", "0.1", "Write 0.1: "],
    ["uid", 1000.5, "Write a whole number"],
    ["image", null, "Write a string"],
    ["default_url", 7, "Write a string"],
    ["privileged", "true", "Write true: "],
    ["privileged", null, "Write true or false"],
    ["args", [1], "Write a list of strings"],
    ["environment", ["A=b"], "Write a mapping"],
    ["environment", null, "Write a mapping"],
    ["volumes", "home", "Write a list or a mapping"],
    ["slug_scheme", "none", "Write safe or escape"],
    ["pre_spawn_hook", "my_hook", "Write Python code in the hub's own configuration"],
  ])("%s: %j", (name, value, remedy) => {
    const fault = faultOf(name, value);
    expect(fault?.message).toContain(`KubeSpawner does not accept ${JSON.stringify(value)} as ${name}`);
    expect(fault?.remedy.startsWith(remedy), fault?.remedy).toBe(true);
  });
});

describe("values of traits that KubeSpawner accepts", () => {
  it.each([
    ["mem_limit", "4G"],
    ["mem_limit", "1.5T"],
    ["mem_limit", 1073741824],
    ["mem_limit", null],
    ["cpu_limit", 0.5],
    ["cpu_guarantee", null],
    ["uid", 0],
    ["image", "ghcr.io/a/b@sha256:c"],
    ["cmd", "jupyterhub-singleuser"],
    ["cmd", ["start.sh", "lab"]],
    ["args", "--debug"],
    ["env_keep", "PATH"],
    ["image_pull_secrets", [{ name: "pull" }]],
    ["environment", { A: "b", C: null }],
    ["volumes", { home: { name: "home" } }],
    ["tolerations", []],
    ["allow_privilege_escalation", null],
    ["pre_spawn_hook", null],
  ])("%s: %j", (name, value) => {
    expect(faultOf(name, value)).toBeUndefined();
  });
});
