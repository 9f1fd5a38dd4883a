import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTransport } from "../../../components/kernel/hosts/transport/connections.ts";
import type { HostAddress } from "../../../components/kernel/hosts/transport/transport.ts";
import { findSshd, requireService } from "../require.ts";
import { type SshFixture, startScript, startSshFixture } from "./ssh-fixture.ts";

requireService("an SSH server (sshd)", findSshd, (program) => {
  let ssh: SshFixture;
  beforeAll(async () => {
    ssh = await startSshFixture(program);
  });
  afterAll(() => ssh?.stop());

  describe("a lock", () => {
    test.each([
      ["ssh", "ssh"],
      ["local", "ssh"],
      ["local", "local"],
      ["ssh", "local"],
    ] as const)("of a %s process that was killed is taken over (%s)", async (holder, taker) => {
      const place = (kind: "ssh" | "local"): HostAddress => (kind === "local" ? { kind } : ssh.address());
      const name = `killed ${holder} ${taker} ${ssh.folder}`;
      const child = startScript("hold-lock.ts", {
        address: place(holder),
        credentials: ssh.credentials,
        name,
      });
      await once(child.stdout, "data");
      const host = openTransport(place(taker), ssh.credentials, { lock: 100 });
      await expect(host.lock(name, async () => {})).rejects.toMatchObject({ reason: "timeout" });
      await host.close();
      const patient = openTransport(place(taker), ssh.credentials);
      const taken = patient.lock(name, async () => "taken");
      child.kill("SIGKILL");
      expect(await taken).toBe("taken");
      await patient.close();
    });

    test("is gone with its connection, and then its work writes nothing more", async () => {
      await ssh.during(async (host) => {
        const path = join(ssh.folder, "under-lock");
        const work = host.lock("broken", async () => {
          await host.writeAtomically(path, "before");
          ssh.sshd.cutConnections();
          await expect.poll(() => host.read(path).catch((error) => error.reason)).toBe("lost");
          await host.writeAtomically(path, "after");
        });
        await expect(work).rejects.toMatchObject({ reason: "lost" });
        expect(readFileSync(path, "utf8")).toBe("before");
        // Outside of the lock, the host is there again.
        expect((await host.read(path))?.toString()).toBe("before");
      });
    });
  });
});
