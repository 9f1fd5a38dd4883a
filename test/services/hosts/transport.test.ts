import { afterAll, beforeAll, describe } from "vitest";
import { openTransport } from "../../../components/kernel/hosts/transport/connections.ts";
import type { HostAddress } from "../../../components/kernel/hosts/transport/transport.ts";
import { findSshd, requireService } from "../require.ts";
import { type Sshd, startSshd } from "./sshd.ts";
import { transportContract } from "./transport-contract.ts";

describe("the local host", () => {
  transportContract(() => openTransport({ kind: "local" }));
});

requireService("an SSH server (sshd)", findSshd, (program) => {
  let sshd: Sshd;
  beforeAll(async () => {
    sshd = await startSshd(program);
  });
  afterAll(() => sshd?.stop());
  const address = (): HostAddress => ({
    kind: "ssh",
    host: "127.0.0.1",
    port: sshd.port,
    user: sshd.user,
    hostKey: sshd.hostKey,
  });

  describe("a host over SSH", () => {
    transportContract(() => openTransport(address(), { privateKey: sshd.privateKey }));
  });
});
