import { describe, expect, test } from "vitest";
import type { Problem } from "../../../problem/problem.ts";
import type { ProviderContext } from "../../../resource/context/context.ts";
import { testContext } from "../../../resource/testing/test-context.ts";
import { type RunResult, type Transport, TransportError } from "../transport/transport.ts";
import { type KernelNeeds, preflight } from "./preflight.ts";

const IMAGE = `example.org/quantum@sha256:${"a".repeat(64)}`;
const NOW = 1_800_000_000;

/** What a host answers to commands, by their beginning; whatever is not named succeeds. */
type Answers = Readonly<Record<string, Partial<RunResult> | Error>>;

const READY: Answers = {
  "ls -d": { stdout: "/\n/srv\n/srv/kernels\n" },
  "df -Pk -- /srv/kernels": {
    stdout:
      "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/a 9 1 900000 1% /\n/dev/a 9 1 900000 1% /\n",
  },
  "df -Pk -- /var/lib/docker": {
    stdout: "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/b 9 1 90000000 1% /var\n",
  },
  date: { stdout: `${NOW}\n` },
  "docker image inspect": { code: 1 },
  "docker info": { stdout: "/var/lib/docker\n" },
};

function hostOf(answers: Answers, ran: string[] = [], name = "gateway-1"): Transport {
  const all = Object.entries({ ...READY, ...answers }).sort(([a], [b]) => b.length - a.length);
  const run = async (argv: readonly string[]) => {
    const line = argv.join(" ");
    ran.push(line);
    const answer = all.find(([start]) => line.startsWith(start))?.[1];
    if (answer instanceof Error) throw answer;
    return { code: 0, stdout: "", stderr: "", ...answer };
  };
  return { host: name, run } as unknown as Transport;
}

const needs = (changes: Partial<KernelNeeds> = {}): KernelNeeds => ({
  kernel: "quantum",
  specsFolder: "/srv/kernels",
  staging: "/srv/.staging",
  pull: ["docker", "pull"],
  image: IMAGE,
  freeSpace: 2e9,
  launcherProblems: async () => [],
  ...changes,
});

const contextAt = (seconds = NOW, config: Record<string, string> = { sshPrivateKey: "key" }) =>
  testContext(config, { clock: { now: () => seconds * 1000, sleep: async () => {} } });

async function problems(host: Transport, wanted = needs(), context: ProviderContext = contextAt()) {
  return preflight([host], wanted, context).then(
    () => [] as readonly Problem[],
    (error: { problems: readonly Problem[] }) => error.problems,
  );
}
const codes = async (answers: Answers, changes: Partial<KernelNeeds> = {}) =>
  (await problems(hostOf(answers), needs(changes))).map(({ code }) => code);

describe("a preflight", () => {
  test("finds nothing on a host that is ready, and runs nothing that changes it", async () => {
    const ran: string[] = [];
    expect(await problems(hostOf({}, ran))).toEqual([]);
    const reading =
      /^(?:ls -d|test -w|df -Pk|flock --version|date \+%s|docker (?:version|info|image inspect|manifest inspect))/;
    expect(ran.filter((line) => !reading.test(line))).toEqual([]);
    expect(ran.length).toBeGreaterThan(8);
  });

  const gone = { code: 127, stderr: "sh: not found" };
  const other =
    "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/a 9 1 900000 1% /\n/dev/c 9 1 900000 1% /srv\n";
  const noRoom =
    "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/a 9 1 3 99% /\n/dev/a 9 1 3 99% /\n";
  const noImages = "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/b 9 1 900000 99% /var\n";
  const denied = { code: 1, stderr: "errors:\ndenied: requested access to the resource is denied" };
  const absent = {
    "docker manifest inspect": { code: 1, stderr: `no such manifest: ${IMAGE}` },
  };
  const insecure = (name: string, Secure: boolean, ...more: string[]) => ({
    "docker info --format {{json .RegistryConfig}}": {
      stdout: `${JSON.stringify({
        // What Docker has by itself.
        InsecureRegistryCIDRs: ["::1/128", "127.0.0.0/8", ...more],
        IndexConfigs: { "docker.io": { Secure: true }, [name]: { Secure } },
      })}\n`,
    },
  });
  test.each([
    ["flock is missing", { "flock --version": gone }, ["host-no-flock"]],
    ["flock has no such option", { "flock --version": { code: 1 } }, []],
    ["the engine is missing", { "docker version": gone }, ["host-no-engine"]],
    [
      "the engine does not answer",
      { "docker version": { code: 1, stderr: "Cannot connect" } },
      ["host-no-engine"],
    ],
    ["the clock is late", { date: { stdout: `${NOW - 61}` } }, ["host-clock"]],
    ["the clock is nearly right", { date: { stdout: `${NOW + 60}` } }, []],
    ["the folder may not be written", { "test -w /srv/kernels": { code: 1 } }, ["host-no-right"]],
    ["nothing may be written", { "test -w": { code: 1 } }, ["host-no-right", "host-no-right"]],
    ["the disk is full", { "df -Pk -- /srv/kernels": { stdout: noRoom } }, ["host-disk-full"]],
    ["the folders are on two disks", { "df -Pk -- /srv/kernels": { stdout: other } }, ["host-two-disks"]],
    ["df answers in another form", { "df -Pk": { stdout: "?" } }, []],
    ["the registry refuses the login", { "docker manifest inspect": denied }, ["host-not-logged-in"]],
    [
      "the registry has no such image",
      { "docker manifest inspect": { code: 1, stderr: "manifest unknown" } },
      ["missing-image"],
    ],
    [
      "the registry can't be reached",
      { "docker manifest inspect": { code: 1, stderr: "connection refused" } },
      [],
    ],
    // The client finds no manifest there, because it speaks HTTPS only.
    ["the engine pulls from the registry over HTTP", { ...absent, ...insecure("example.org", false) }, []],
    ["it pulls from others over HTTP", { ...absent, ...insecure("example.com", false) }, ["missing-image"]],
    ["it names the registry as secure", { ...absent, ...insecure("example.org", true) }, ["missing-image"]],
    ["it pulls from addresses over HTTP", { ...absent, ...insecure("example.com", true, "10.0.0.0/8") }, []],
    [
      "there is no room for images",
      { "df -Pk -- /var/lib/docker": { stdout: noImages } },
      ["host-disk-full"],
    ],
    ["the image is there already", { "docker image inspect": {}, "docker manifest inspect": denied }, []],
  ] as [string, Answers, string[]][])("where %s", async (_what, answers, expected) => {
    expect(await codes(answers)).toEqual(expected);
  });

  test("does not advise what removes the images of kernels that no container runs", async () => {
    const [full] = await problems(hostOf({ "df -Pk -- /var/lib/docker": { stdout: noImages } }));
    expect(full?.remedy).toContain("`lectern gateway clean`");
    expect(full?.remedy).not.toContain("prune");
  });

  test("asks no engine where no image is pulled, and only one that it knows about images", async () => {
    expect(await codes({ docker: gone }, { pull: undefined, image: undefined })).toEqual([]);
    expect(await codes({ "/opt/fetch": gone, docker: gone }, { pull: ["/opt/fetch"] })).toEqual([]);
    expect(await codes({ docker: gone }, { pull: ["sudo", "podman", "pull"] })).toEqual([]);
    expect(await codes({ "sudo docker version": gone }, { pull: ["sudo", "docker", "pull"] })).toEqual([
      "host-no-engine",
    ]);
  });

  test("reports everything at once, of every host, with the host's name", async () => {
    const one = hostOf({ "flock --version": gone, date: { stdout: "1" } });
    const two = hostOf({ "docker version": gone }, [], "gateway-2");
    const error = await preflight([one, two], needs(), contextAt()).catch((failure) => failure);
    expect(error.problems.map(({ message }: Problem) => message.split(":")[0])).toEqual([
      "gateway-1",
      "gateway-1",
      "gateway-2",
    ]);
  });

  test("looks at a host once per run, and refers the other kernels to the first report", async () => {
    const ran: string[] = [];
    const host = hostOf({ "flock --version": gone }, ran);
    const context = contextAt();
    expect((await problems(host, needs(), context)).map(({ code }) => code)).toEqual(["host-no-flock"]);
    const looked = ran.length;
    expect(await problems(host, needs({ kernel: "other" }), context)).toMatchObject([
      { code: "host-not-ready", message: "gateway-1 is not ready, as reported for kernel quantum" },
    ]);
    expect(ran.length).toBe(looked);
    // The same kernel is asked about in its check and again in its diff.
    expect(await problems(host, needs(), context)).toMatchObject([{ code: "host-no-flock" }]);
  });

  test("has one problem of a host whose key is another, however many kernels are on it", async () => {
    const error = new TransportError("gateway-1", "connect", "another key", "Find out why", "host-key");
    const host = hostOf({
      "": error,
      ...Object.fromEntries(Object.keys(READY).map((line) => [line, error])),
    });
    const context = contextAt();
    expect((await problems(host, needs(), context)).map(({ code }) => code)).toEqual(["transport-host-key"]);
    expect((await problems(host, needs({ kernel: "b" }), context)).map(({ code }) => code)).toEqual([
      "host-not-ready",
    ]);
  });

  test("names a launcher that is missing", async () => {
    const problem: Problem = {
      code: "missing-launcher",
      severity: "error",
      message: "no launcher",
      remedy: "Install it",
    };
    expect(await codes({}, { launcherProblems: async () => [problem] })).toEqual(["missing-launcher"]);
  });
});
