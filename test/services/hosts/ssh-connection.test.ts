import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTransport } from "../../../components/kernel/hosts/transport/connections.ts";
import { findSshd, requireService } from "../require.ts";
import { type SshFixture, startScript, startSshFixture } from "./ssh-fixture.ts";

requireService("an SSH server (sshd)", findSshd, (program) => {
  let ssh: SshFixture;
  beforeAll(async () => {
    ssh = await startSshFixture(program);
  });
  afterAll(() => ssh?.stop());

  describe("one connection", () => {
    test("50 callers at once share it, with their files, programs and locks", async () => {
      const log = await ssh.loginsDuring(() =>
        ssh.during(async (host) => {
          const others = Array.from({ length: 4 }, () => openTransport(ssh.address(), ssh.credentials));
          await Promise.all(
            Array.from({ length: 50 }, async (_, index) => {
              const user = others[index % 4] ?? host;
              const path = join(ssh.folder, `shared-${index}`);
              await user.lock(`shared ${index}`, async () => {
                await user.writeAtomically(path, String(index));
                expect((await user.run(["cat", path])).stdout).toBe(String(index));
                expect((await user.read(path))?.toString()).toBe(String(index));
              });
            }),
          );
          expect(host.traffic.connections).toBe(1);
          for (const other of others) await other.close();
          // The others are closed; this one keeps the connection.
          await host.read("/etc/hostname");
          expect(host.traffic.connections).toBe(1);
        }),
      );
      expect(log.match(/Accepted publickey/g)).toHaveLength(1);
    });
    test("a read is two round trips, a write three, a lock one", async () => {
      await ssh.during(async (host) => {
        const path = join(ssh.folder, "trips.json");
        await host.writeAtomically(path, "{}");
        await host.lock("warm", async () => {});
        const cost = async (act: () => Promise<unknown>) => {
          const before = host.traffic.roundTrips;
          await act();
          return host.traffic.roundTrips - before;
        };
        expect(await cost(() => host.read(path))).toBe(2);
        const keepPrevious = `${path}.previous`;
        expect(await cost(() => host.writeAtomically(path, "{ }", { keepPrevious }))).toBe(3);
        expect(await cost(() => host.lock("warm", async () => {}))).toBe(1);
        expect(await cost(() => host.run(["true"]))).toBe(2);
      });
    });

    test("it is made again where it died between operations", async () => {
      await ssh.during(async (host) => {
        const path = join(ssh.folder, "again.json");
        await host.writeAtomically(path, "1");
        ssh.sshd.cutConnections();
        await host.writeAtomically(path, "2");
        expect(readFileSync(path, "utf8")).toBe("2");
        ssh.sshd.cutConnections();
        expect((await host.read(path))?.toString()).toBe("2");
        expect(host.traffic.connections).toBe(3);
      });
    });

    test("a program that was cut off is not started again", async () => {
      await ssh.during(async (host) => {
        const started = join(ssh.folder, "started");
        const run = host.run(["sh", "-c", 'echo x >> "$1"; sleep 600', "sh", started]);
        run.catch(() => {});
        await expect.poll(() => readdirSync(ssh.folder)).toContain("started");
        ssh.sshd.cutConnections();
        await expect(run).rejects.toMatchObject({ reason: "lost" });
        expect(readFileSync(started, "utf8")).toBe("x\n");
      });
    });

    test("it is ended after a while without use, and made again", async () => {
      await ssh.during(
        async (host) => {
          await host.read("/etc/hostname");
          await expect
            .poll(() => ssh.sshd.log().split("\n").at(-1))
            .toMatch(/Disconnected|disconnect|closed/i);
          await host.read("/etc/hostname");
          expect(host.traffic.connections).toBe(2);
        },
        { timeouts: { idle: 20 } },
      );
    });

    test.each(["ssh", "local"] as const)(
      "a process that never closes it ends all the same (%s)",
      async (kind) => {
        const input = { address: kind === "local" ? { kind } : ssh.address(), credentials: ssh.credentials };
        const child = startScript("read-and-end.ts", input);
        const [code] = await once(child, "exit");
        expect(code).toBe(0);
      },
    );
  });
});
