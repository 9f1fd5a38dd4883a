import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openTransport } from "../../../components/kernel/hosts/transport/connections.ts";
import { parseHostKey } from "../../../components/kernel/hosts/transport/ssh/host-key.ts";
import type { Credentials } from "../../../components/kernel/hosts/transport/transport.ts";
import { findSshd, requireService } from "../require.ts";
import { type SshChanges, type SshFixture, startSshFixture } from "./ssh-fixture.ts";
import { startSshd } from "./sshd.ts";

requireService("an SSH server (sshd)", findSshd, (program) => {
  let ssh: SshFixture;
  beforeAll(async () => {
    ssh = await startSshFixture(program);
  });
  afterAll(() => ssh?.stop());

  describe("who is talked to", () => {
    test("fault: host keys not checked – a wrong one refuses before any authentication", async () => {
      const log = await ssh.loginsDuring(async () => {
        const attempt = ssh.during((host) => host.read("/etc/hostname"), {
          address: { hostKey: ssh.sshd.otherHostKey },
        });
        await expect(attempt).rejects.toMatchObject({
          name: "TransportError",
          reason: "host-key",
          host: `${ssh.sshd.user}@127.0.0.1:${ssh.sshd.port}`,
          what: expect.stringContaining(parseHostKey(ssh.sshd.hostKey)?.fingerprint ?? "?"),
        });
        await expect(attempt).rejects.toThrow(parseHostKey(ssh.sshd.otherHostKey)?.fingerprint);
        // The server speaks about the end of the connection after what came before it.
        await expect.poll(() => ssh.sshd.log()).toMatch(/Connection (closed|reset)|Disconnected/i);
      });
      expect(log).toMatch(/Connection from/);
      expect(log).not.toMatch(/Accepted|Failed|publickey|authenticating user/);
    });

    test("a type of key that the host doesn't have is refused too", async () => {
      const blob = Buffer.from("\0\0\0\x07ssh-rsa\0\0\0\x01\x03\0\0\0\x02\0\x01", "latin1").toString(
        "base64",
      );
      const read = ssh.during((host) => host.list("/tmp"), { address: { hostKey: `ssh-rsa ${blob}` } });
      await expect(read).rejects.toMatchObject({ reason: "host-key" });
    });

    test.each(["", "ssh-ed25519 AAAA", "not a key"])(
      "no connection is made for the host key %j",
      async (hostKey) => {
        await ssh.during(
          async (host) => {
            await expect(host.read("/etc/hostname")).rejects.toMatchObject({ reason: "host-key" });
            expect(host.traffic.connections).toBe(0);
          },
          { address: { hostKey } },
        );
      },
    );

    test("a key that isn't let in, one that is none, and none at all", async () => {
      const refused = (given: Credentials) =>
        ssh.during((host) => host.read("/etc/hostname"), { credentials: given });
      await expect(refused({ privateKey: ssh.sshd.otherPrivateKey })).rejects.toMatchObject({
        reason: "refused",
      });
      await expect(refused({ privateKey: "swordfish" })).rejects.toMatchObject({ reason: "refused" });
      await expect(refused({ privateKey: "swordfish" })).rejects.not.toThrow(/swordfish/);
      await expect(refused({})).rejects.toMatchObject({ reason: "refused" });
    });

    test("a host that isn't there, and one that never answers", async () => {
      const silent = createServer();
      silent.listen(0, "127.0.0.1");
      await once(silent, "listening");
      const { port } = silent.address() as { port: number };
      const read = (changes: SshChanges) =>
        ssh.during((host) => host.read("/etc/hostname"), { address: changes, timeouts: { connect: 300 } });
      await expect(read({ port })).rejects.toMatchObject({ reason: "unreachable" });
      silent.close();
      await expect(read({ port: 1 })).rejects.toMatchObject({ reason: "unreachable" });
      await expect(read({ host: "no-such-host.invalid" })).rejects.toMatchObject({ reason: "unreachable" });
    });

    test("fault: the private key in argv, its file left behind – it is nowhere but in memory", async () => {
      const secret = ssh.sshd.privateKey.split("\n")[3] ?? "";
      // Where programs put temporary files: a folder that no other test uses.
      const folder = mkdtempSync(join(tmpdir(), "lectern-nothing-"));
      vi.stubEnv("TMPDIR", folder);
      await ssh
        .during(async (host) => {
          const { stdout } = await host.run(["sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"]);
          expect(stdout).toContain("sshd");
          expect(stdout).not.toContain(secret);
          expect(JSON.stringify({ ...host, traffic: host.traffic })).not.toContain(secret);
          expect(readdirSync(folder)).toEqual([]);
        })
        .finally(() => vi.unstubAllEnvs());
      rmSync(folder, { recursive: true });
    });
  });

  test("an SFTP server that can't replace files is named, and nothing stays behind", async () => {
    const limited = await startSshd(program, ["Match all", "ForceCommand internal-sftp -P posix-rename"]);
    const port = limited.port;
    const host = openTransport(ssh.address({ port, hostKey: limited.hostKey }), {
      privateKey: limited.privateKey,
    });
    const inside = mkdtempSync(join(ssh.folder, "limited-"));
    writeFileSync(join(inside, "kernel.json"), "old");
    await expect(host.writeAtomically(join(inside, "kernel.json"), "new")).rejects.toThrow(
      /in one step|refused|denied/,
    );
    expect(readdirSync(inside)).toEqual(["kernel.json"]);
    expect(readFileSync(join(inside, "kernel.json"), "utf8")).toBe("old");
    await host.close();
    await limited.stop();
  });
});
