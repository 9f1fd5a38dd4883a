import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openTransport } from "../../components/kernel/transport/connections.ts";
import { parseHostKey } from "../../components/kernel/transport/host-key.ts";
import type { Patience } from "../../components/kernel/transport/ssh-connection.ts";
import type { Credentials, HostAddress } from "../../components/kernel/transport/transport.ts";
import { findSshd, requireService } from "./require.ts";
import { type Sshd, startSshd } from "./sshd.ts";

requireService("an SSH server (sshd)", findSshd, (program) => {
  let sshd: Sshd;
  let folder: string;
  beforeAll(async () => {
    sshd = await startSshd(program);
    folder = mkdtempSync(join(tmpdir(), "lectern-ssh-"));
  });
  afterAll(async () => {
    await sshd?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  type Changes = Partial<Extract<HostAddress, { kind: "ssh" }>>;
  const address = (changes: Changes = {}): HostAddress => ({
    kind: "ssh",
    host: "127.0.0.1",
    port: sshd.port,
    user: sshd.user,
    hostKey: sshd.hostKey,
    ...changes,
  });
  const credentials = (): Credentials => ({ privateKey: sshd.privateKey });
  /** Opens a host for one test, with a connection of its own. */
  async function during<T>(
    act: (host: ReturnType<typeof openTransport>) => Promise<T>,
    options: { address?: Changes; credentials?: Credentials; patience?: Patience } = {},
  ): Promise<T> {
    const host = openTransport(
      address(options.address),
      options.credentials ?? credentials(),
      options.patience,
    );
    try {
      return await act(host);
    } finally {
      await host.close();
    }
  }
  /** What the server says of logins while something is done. */
  async function loginsDuring(act: () => Promise<unknown>): Promise<string> {
    const before = sshd.log().length;
    await act();
    return sshd.log().slice(before);
  }

  describe("who is talked to", () => {
    test("fault: host keys not checked – a wrong one refuses before any authentication", async () => {
      const log = await loginsDuring(async () => {
        const attempt = during((host) => host.read("/etc/hostname"), {
          address: { hostKey: sshd.otherHostKey },
        });
        await expect(attempt).rejects.toMatchObject({
          name: "TransportError",
          reason: "host-key",
          host: `${sshd.user}@127.0.0.1:${sshd.port}`,
          what: expect.stringContaining(parseHostKey(sshd.hostKey)?.fingerprint ?? "?"),
        });
        await expect(attempt).rejects.toThrow(parseHostKey(sshd.otherHostKey)?.fingerprint);
        // The server speaks about the end of the connection after what came before it.
        await expect.poll(() => sshd.log()).toMatch(/Connection (closed|reset)|Disconnected/i);
      });
      expect(log).toMatch(/Connection from/);
      expect(log).not.toMatch(/Accepted|Failed|publickey|authenticating user/);
    });

    test("a type of key that the host doesn't have is refused too", async () => {
      const blob = Buffer.from("\0\0\0\x07ssh-rsa\0\0\0\x01\x03\0\0\0\x02\0\x01", "latin1").toString(
        "base64",
      );
      const read = during((host) => host.list("/tmp"), { address: { hostKey: `ssh-rsa ${blob}` } });
      await expect(read).rejects.toMatchObject({ reason: "host-key" });
    });

    test.each(["", "ssh-ed25519 AAAA", "not a key"])(
      "no connection is made for the host key %j",
      async (hostKey) => {
        await during(
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
        during((host) => host.read("/etc/hostname"), { credentials: given });
      await expect(refused({ privateKey: sshd.otherPrivateKey })).rejects.toMatchObject({
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
      const read = (changes: Changes) =>
        during((host) => host.read("/etc/hostname"), { address: changes, patience: { connect: 300 } });
      await expect(read({ port })).rejects.toMatchObject({ reason: "unreachable" });
      silent.close();
      await expect(read({ port: 1 })).rejects.toMatchObject({ reason: "unreachable" });
      await expect(read({ host: "no-such-host.invalid" })).rejects.toMatchObject({ reason: "unreachable" });
    });

    test("fault: the private key in argv, its file left behind – it is nowhere but in memory", async () => {
      const secret = sshd.privateKey.split("\n")[3] ?? "";
      const before = new Set(readdirSync(tmpdir()));
      await during(async (host) => {
        const { stdout } = await host.run(["sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '"]);
        expect(stdout).toContain("sshd");
        expect(stdout).not.toContain(secret);
        expect(JSON.stringify({ ...host, traffic: host.traffic })).not.toContain(secret);
        expect(readdirSync(tmpdir()).filter((name) => !before.has(name) && /key|ssh/i.test(name))).toEqual(
          [],
        );
      });
    });
  });

  describe("one connection", () => {
    test("50 callers at once share it, with their files, programs and locks", async () => {
      const log = await loginsDuring(() =>
        during(async (host) => {
          const others = Array.from({ length: 4 }, () => openTransport(address(), credentials()));
          await Promise.all(
            Array.from({ length: 50 }, async (_, index) => {
              const user = others[index % 4] ?? host;
              const path = join(folder, `shared-${index}`);
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
      await during(async (host) => {
        const path = join(folder, "trips.json");
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
      await during(async (host) => {
        const path = join(folder, "again.json");
        await host.writeAtomically(path, "1");
        sshd.cutConnections();
        await host.writeAtomically(path, "2");
        expect(readFileSync(path, "utf8")).toBe("2");
        sshd.cutConnections();
        expect((await host.read(path))?.toString()).toBe("2");
        expect(host.traffic.connections).toBe(3);
      });
    });

    test("a program that was cut off is not started again", async () => {
      await during(async (host) => {
        const started = join(folder, "started");
        const run = host.run(["sh", "-c", 'echo x >> "$1"; sleep 600', "sh", started]);
        run.catch(() => {});
        await expect.poll(() => readdirSync(folder)).toContain("started");
        sshd.cutConnections();
        await expect(run).rejects.toMatchObject({ reason: "lost" });
        expect(readFileSync(started, "utf8")).toBe("x\n");
      });
    });

    test("it is ended after a while without use, and made again", async () => {
      await during(
        async (host) => {
          await host.read("/etc/hostname");
          await expect.poll(() => sshd.log().split("\n").at(-1)).toMatch(/Disconnected|disconnect|closed/i);
          await host.read("/etc/hostname");
          expect(host.traffic.connections).toBe(2);
        },
        { patience: { idle: 20 } },
      );
    });

    test.each(["ssh", "local"] as const)(
      "a process that never closes it ends all the same (%s)",
      async (kind) => {
        const input = { address: kind === "local" ? { kind } : address(), credentials: credentials() };
        const child = start("read-and-end.ts", input);
        const [code] = await once(child, "exit");
        expect(code).toBe(0);
      },
    );
  });

  describe("a lock", () => {
    test.each([
      ["ssh", "ssh"],
      ["local", "ssh"],
      ["local", "local"],
      ["ssh", "local"],
    ] as const)("of a %s process that was killed is taken over (%s)", async (holder, taker) => {
      const place = (kind: "ssh" | "local"): HostAddress => (kind === "local" ? { kind } : address());
      const name = `killed ${holder} ${taker} ${folder}`;
      const child = start("hold-lock.ts", { address: place(holder), credentials: credentials(), name });
      await once(child.stdout, "data");
      const host = openTransport(place(taker), credentials(), { lock: 100 });
      await expect(host.lock(name, async () => {})).rejects.toMatchObject({ reason: "timeout" });
      await host.close();
      const patient = openTransport(place(taker), credentials());
      const taken = patient.lock(name, async () => "taken");
      child.kill("SIGKILL");
      expect(await taken).toBe("taken");
      await patient.close();
    });

    test("is gone with its connection, and then its work writes nothing more", async () => {
      await during(async (host) => {
        const path = join(folder, "under-lock");
        const work = host.lock("broken", async () => {
          await host.writeAtomically(path, "before");
          sshd.cutConnections();
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

  test("an SFTP server that can't replace files is named, and nothing stays behind", async () => {
    const limited = await startSshd(program, ["Match all", "ForceCommand internal-sftp -P posix-rename"]);
    const port = limited.port;
    const host = openTransport(address({ port, hostKey: limited.hostKey }), {
      privateKey: limited.privateKey,
    });
    const inside = mkdtempSync(join(folder, "limited-"));
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

/** A process that uses the transport, given its input through a pipe. */
function start(script: string, input: unknown) {
  const child = spawn(process.execPath, [join(import.meta.dirname, "fixtures", script)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(JSON.stringify(input));
  return child;
}
