import { describe, expect, it } from "vitest";
import { networkPolicy } from "./job-objects.ts";

const OWNER = { name: "lectern-proof-1", uid: "uid" };

describe("the NetworkPolicy of a proof", () => {
  it("lets nothing connect to its pod, and its pod to nothing where lecture.yaml has network: false", () => {
    expect(networkPolicy(OWNER, false).spec).toEqual({
      podSelector: { matchLabels: { "lectern.dev/proof": OWNER.name } },
      policyTypes: ["Ingress", "Egress"],
    });
  });

  it("keeps its pod from the metadata of the cloud, which gives the node's credentials away", () => {
    const { policyTypes, ingress, egress } = networkPolicy(OWNER, true).spec ?? {};
    expect({ policyTypes, ingress }).toEqual({ policyTypes: ["Ingress", "Egress"], ingress: undefined });
    const blocks = egress?.flatMap(({ to = [] }) => to.flatMap(({ ipBlock }) => ipBlock ?? []));
    expect(blocks).toEqual([
      { cidr: "0.0.0.0/0", except: ["169.254.169.254/32"] },
      { cidr: "::/0", except: ["fd00:ec2::254/128"] },
    ]);
    const anywhere = egress?.filter(({ to }) => to === undefined);
    expect(anywhere).toEqual([
      {
        ports: [
          { protocol: "UDP", port: 53 },
          { protocol: "TCP", port: 53 },
        ],
      },
    ]);
  });
});
