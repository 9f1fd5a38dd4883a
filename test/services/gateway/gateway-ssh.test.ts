import { afterAll, beforeAll, expect, it } from "vitest";
import { openTransport } from "../../../components/kernel/hosts/transport/connections.ts";
import type { HostAddress } from "../../../components/kernel/hosts/transport/transport.ts";
import { kernelspecProvider } from "../../../components/kernel/spec/kernelspec-provider.ts";
import type { Properties } from "../../../components/resource/provide.ts";
import { type Sshd, startSshd } from "../hosts/sshd.ts";
import { findEnterpriseGateway, findSshd, requireService } from "../require.ts";
import { type GatewayFixture, image, kernelInputs, startFixture, stateOf } from "./gateway-fixture.ts";

const find = () => {
  const [sshd, gateway] = [findSshd(), findEnterpriseGateway()];
  return sshd !== undefined && gateway !== undefined ? { sshd, gateway } : undefined;
};

requireService("an SSH server and a Jupyter Enterprise Gateway", find, (programs) => {
  let sshd: Sshd;
  let lab: GatewayFixture;
  let address: HostAddress;
  beforeAll(async () => {
    sshd = await startSshd(programs.sshd);
    lab = await startFixture({ real: programs.gateway }, { sshPrivateKey: sshd.privateKey });
    const { port, user, hostKey } = sshd;
    address = { kind: "ssh", host: "127.0.0.1", port, user, hostKey };
  });
  afterAll(async () => {
    await lab.stop();
    await sshd.stop();
  });
  const inputs = (changes: Properties = {}) => {
    const all = kernelInputs(lab, changes);
    return { ...all, gateway: { ...all["gateway"], hosts: [address] } };
  };

  it("registers, updates, refreshes and removes over one connection, with six round trips an update", async () => {
    const { id, outs } = await kernelspecProvider.create(inputs(), lab.context);
    const { traffic } = openTransport(address, {
      privateKey: sshd.privateKey,
      ...(process.env["SSH_AUTH_SOCK"] === undefined ? {} : { agent: process.env["SSH_AUTH_SOCK"] }),
    });
    const before = traffic.roundTrips;
    const news = inputs({ image: image("b") });
    const updated = await kernelspecProvider.update(id, outs, news, lab.context);
    expect(traffic.roundTrips - before).toBeLessThanOrEqual(6);
    expect(JSON.stringify(await lab.client.kernelspec("quantum"))).toContain(image("b"));

    const seen = await kernelspecProvider.read(id, updated.outs, lab.context);
    expect(stateOf(seen.props ?? {}).drift).toEqual([]);
    await kernelspecProvider.delete(id, seen.props ?? {}, lab.context);
    expect(await lab.client.kernelspec("quantum")).toBeUndefined();
    expect(traffic.connections).toBe(1);
  });

  it("finds this host ready in the plan of a new kernel, and one that does not have the key it should have not", async () => {
    const { failures } = await kernelspecProvider.check({}, inputs(), lab.context);
    expect(failures).toEqual([]);
    const stranger = { ...address, hostKey: sshd.otherHostKey };
    const wrong = { ...inputs(), gateway: { ...inputs()["gateway"], hosts: [stranger] } };
    const run = lab.run({});
    await expect(kernelspecProvider.check({}, wrong, run)).rejects.toThrow(
      /presented the key .* is expected/,
    );
    const other = { ...wrong, name: "other", displayName: "Other" };
    await expect(kernelspecProvider.check({}, other, run)).rejects.toThrow(
      /is not ready, as reported for kernel quantum/,
    );
    // A plan in which nothing changes looks at no host.
    const { outs } = await kernelspecProvider.create(inputs(), lab.context);
    const before = openTransport(address, { privateKey: sshd.privateKey }).traffic.roundTrips;
    expect((await kernelspecProvider.diff("", outs, inputs(), lab.context)).changes).toBe(false);
    expect(openTransport(address, { privateKey: sshd.privateKey }).traffic.roundTrips).toBe(before);
    await kernelspecProvider.delete("", outs, lab.context);
  });

  it("refuses a host with another key, and nothing is written", async () => {
    const stranger = { ...address, hostKey: sshd.otherHostKey };
    const wrong = { ...inputs(), gateway: { ...inputs()["gateway"], hosts: [stranger] } };
    await expect(kernelspecProvider.create(wrong, lab.context)).rejects.toThrow(
      /presented the key .* is expected; nothing was sent/,
    );
    expect(await lab.client.kernelspec("quantum")).toBeUndefined();
  });
});
