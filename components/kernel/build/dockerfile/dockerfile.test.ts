import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readBuildContext } from "../build-context.ts";
import { checkDockerfile } from "./dockerfile.ts";
import type { BaseImage } from "./dockerfile-stages.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "lectern-dockerfile-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const TAIL = 'USER 1000\nEXPOSE 8888\nCMD ["/usr/local/bin/bootstrap-kernel.sh"]';

/** The codes and lines of what is wrong. */
async function check(
  text: string,
  files: Record<string, string> = {},
  args: Record<string, string> = {},
  image?: BaseImage,
): Promise<string[]> {
  for (const [path, content] of Object.entries({ ...files, Dockerfile: text })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const { problems, dependsOn } = await checkDockerfile(
    await readBuildContext(folder),
    args,
    undefined,
    image,
  );
  for (const problem of problems) {
    // What another image may make right is only a warning.
    const severity = OPEN.test(problem.code) && !image ? "warning" : "error";
    expect(problem).toMatchObject({ file: "Dockerfile", severity });
  }
  expect(dependsOn !== undefined).toBe(problems.some(({ severity }) => severity === "warning"));
  return problems.map(({ code, line }) => `${line} ${code}`);
}

const OPEN = /^(?:no-user|user-unknown|no-command|no-port)$/;

describe("the base image", () => {
  test.each([
    ["FROM python:3.12", []],
    [`FROM python@sha256:${"a".repeat(64)}`, []],
    ["FROM registry.example:5000/python:3.12", []],
    [`ARG TAG=3.12\nFROM python:\${TAG}`, []],
    [`ARG TAG\nFROM python:\${TAG:-3.12}`, []],
    [`ARG TAG=v3.12-slim\nFROM python:\${TAG#v}`, []],
    [`ARG TAG=latest-slim\nFROM python:\${TAG%-slim}`, ["2 base-image-not-pinned"]],
    [`ARG TAG=a-b-3.12\nFROM python:\${TAG##*-}`, []],
    [`ARG TAG=3.12-a-b\nFROM python:\${TAG%%-*}`, []],
    [`ARG TAG=latest_3.12\nFROM python:\${TAG/latest_/}`, []],
    [`ARG DEFAULT=latest\nFROM python:\${TAG:-\${DEFAULT}}`, ["2 base-image-not-pinned"]],
    [`ARG DEFAULT=3.12\nFROM python:\${TAG:-\${DEFAULT}}`, []],
    [`ARG TAG\nFROM python:\${TAG#v}`, ["2 base-image-unknown"]],
    [`ARG TAG=3.12\nFROM python:\${TAG:?missing}`, []],
    [`ARG TAG=3.12\nFROM python:\${TAG^^}`, ["2 base-image-unknown"]],
    ["FROM python:3.12 AS base\nRUN true\nFROM base", []],
    ["FROM --platform=linux/amd64 python:3.12", []],
    ["FROM python", ["1 base-image-not-pinned"]],
    ["FROM python:latest", ["1 base-image-not-pinned"]],
    ["FROM registry.example:5000/python", ["1 base-image-not-pinned"]],
    ["ARG TAG=latest\nFROM python:$TAG", ["2 base-image-not-pinned"]],
    ["ARG TAG\nFROM python:$TAG", ["2 base-image-unknown"]],
    ["FROM Python:3.12", ["1 malformed-image"]],
    ["FROM node AS web\nRUN true\nFROM python:3.12\nCOPY --from=web /x /x", ["1 base-image-not-pinned"]],
  ])("%j", async (head, expected) => {
    expect(await check(`${head}\n${TAIL}`)).toEqual(expected);
  });

  test("the build's arguments go before the file's", async () => {
    const text = `ARG TAG=3.12\nFROM python:$TAG\n${TAIL}`;
    expect(await check(text, {}, { TAG: "latest" })).toEqual(["2 base-image-not-pinned"]);
  });
});

describe("the user", () => {
  const withUser = (lines: string) => `FROM a:1\nEXPOSE 1\nCMD ["bootstrap-kernel.sh"]\n${lines}`;
  test.each(["root", "0", "0:0", "root:root", "0:100", "00", "ROOT", '"root"', ":100"])(
    "USER %s is root",
    async (user) => {
      expect(await check(withUser(`USER ${user}`))).toEqual(["4 runs-as-root"]);
    },
  );

  test.each(["1000", "1000:100", "jovyan", "jovyan:users", "rooty", "1000:0"])(
    "USER %s is not",
    async (user) => {
      expect(await check(withUser(`USER root\nUSER ${user}`))).toEqual([]);
    },
  );

  test("the last one counts, in the last stage or the stage that it is built on", async () => {
    expect(await check(withUser("USER 1000\nUSER root"))).toEqual(["5 runs-as-root"]);
    expect(await check(withUser(""))).toEqual(["1 no-user"]);
    expect(await check(`FROM a:1 AS base\n${TAIL}\nFROM base`)).toEqual([]);
    expect(await check(`FROM a:1 AS other\nUSER 1000\nFROM b:1\nEXPOSE 1\nCMD bootstrap-kernel.sh`)).toEqual([
      "3 no-user",
    ]);
  });

  test.each(["4294967296", "2147483648", "1000:4294967296", "99999999999999999999"])(
    "USER %s is a number that no container runtime takes",
    async (user) => {
      expect(await check(withUser(`USER ${user}`))).toEqual(["4 user-out-of-range"]);
    },
  );

  test.each([
    "useradd -o -u 0 lab",
    "useradd -ou0 lab",
    "useradd --non-unique --uid=0 --shell /bin/bash lab",
    "apt-get update && adduser --uid 0 lab; true",
    "adduser -D -u 00 lab users",
    "useradd lab && \\\n usermod -o -u 0 lab",
    "useradd lab -o --uid '0'",
    "echo 'lab:x:0:100::/home/lab:/bin/sh' >> /etc/passwd",
    "sudo /usr/sbin/useradd -u 0 -o lab",
  ])("a user that RUN %s makes is root", async (line) => {
    expect(await check(`FROM a:1\nRUN ${line}\nUSER lab\nEXPOSE 1\nCMD ["bootstrap-kernel.sh"]`)).toEqual([
      `${2 + line.split("\n").length} runs-as-root`,
    ]);
  });

  test.each([
    "useradd -u 1000 lab",
    "useradd -o -u 0 other && useradd -u 1000 lab",
    "useradd -g 0 lab",
    "useradd -m lab -u 1000 -g 0",
    "useradd -u 0 -o lab && usermod -u 1000 lab",
    "echo useradd -u 0 lab",
  ])("one that RUN %s makes is not", async (line) => {
    expect(await check(`FROM a:1\nRUN ${line}\nUSER lab\nEXPOSE 1\nCMD ["bootstrap-kernel.sh"]`)).toEqual([]);
  });

  test("variables are followed", async () => {
    expect(await check(withUser("ENV ID=0\nARG ID=1000\nUSER $ID"))).toEqual(["6 runs-as-root"]);
    expect(await check(withUser("ENV ID=0\nARG ID=1000\nUSER $ID"), {}, { ID: "1000" })).toEqual([
      "6 runs-as-root",
    ]);
    expect(await check(withUser("ARG ID=0\nENV ID=1000\nARG ID=0\nUSER $ID"))).toEqual([]);
    expect(await check(withUser(`ARG ID=0\nUSER \${ID}`))).toEqual(["5 runs-as-root"]);
    expect(await check(withUser("ENV ID=0\nUSER $ID:100"))).toEqual(["5 runs-as-root"]);
    expect(await check(withUser(`USER \${ID:-1000}`))).toEqual([]);
    expect(await check(withUser(`USER \${NB_UID}`))).toEqual(["4 user-unknown"]);
    expect(await check(withUser(`ARG ID=0\nUSER \${UID:-$ID}`))).toEqual(["5 runs-as-root"]);
    expect(await check(withUser(`ARG ID=0\nUSER \${UID:-\${ID}}`))).toEqual(["5 runs-as-root"]);
    expect(await check(withUser(`ARG ID=0\nUSER \${UID:-\${NB_UID:-\${ID}}}:100`))).toEqual([
      "5 runs-as-root",
    ]);
    expect(await check(withUser(`ARG ID=1000\nUSER \${UID:-\${ID}}`))).toEqual([]);
    expect(await check(withUser(`USER \${UID:-\${NB_UID}}`))).toEqual(["4 user-unknown"]);
    expect(
      await check(`FROM a:1 AS base\nENV ID=0\nFROM base\nUSER $ID\nEXPOSE 1\nCMD bootstrap-kernel.sh`),
    ).toEqual(["4 runs-as-root"]);
  });
});

describe("the command and the port", () => {
  const withCommand = (lines: string) => `FROM a:1\nUSER 1000\nEXPOSE 8888\n${lines}`;
  test.each([
    ['CMD ["/usr/local/bin/bootstrap-kernel.sh"]', []],
    ['ENTRYPOINT ["tini", "--"]\nCMD ["/usr/local/bin/bootstrap-kernel.sh"]', []],
    ["CMD python -m ipykernel_launcher -f x", []],
    ["ENV S=/usr/local/bin/bootstrap-kernel.sh\nCMD $S", []],
    [`CMD exec \${S} -v\nENV S=/usr/local/bin/bootstrap-kernel.sh`, []],
    // Without a shell, nothing replaces it, and a build's argument is gone when the container runs.
    ['ENV S=bootstrap-kernel.sh\nCMD ["$S"]', ["5 not-a-kernel-command"]],
    ["ARG S=bootstrap-kernel.sh\nCMD $S", ["5 not-a-kernel-command"]],
    ["CMD python -m ipykernel_launcher -f $UNKNOWN", []],
    ["", ["1 no-command"]],
    ['CMD ["python"]', ["4 not-a-kernel-command"]],
    ["CMD start-notebook.sh", ["4 not-a-kernel-command"]],
    ['CMD ["bootstrap-kernel.sh"]\nCMD ["bash"]', ["5 not-a-kernel-command"]],
    ['CMD ["bootstrap-kernel.sh"]\nENTRYPOINT ["bash"]', ["5 not-a-kernel-command"]],
  ])("%j", async (lines, expected) => {
    expect(await check(withCommand(lines))).toEqual(expected);
  });

  test.each([
    ["EXPOSE 8888 9000-9010/tcp", []],
    ["ARG PORT=8888\nEXPOSE $PORT", []],
    // The base image can have it.
    ["EXPOSE $JUPYTER_PORT", []],
    ["ENV PORT=http\nEXPOSE $PORT", ["5 not-a-port"]],
    ["", ["1 no-port"]],
    ["EXPOSE 0", ["4 not-a-port"]],
    ["EXPOSE 70000", ["4 not-a-port"]],
    ["EXPOSE http", ["4 not-a-port"]],
  ])("%j", async (lines, expected) => {
    expect(await check(`FROM a:1\nUSER 1000\nCMD bootstrap-kernel.sh\n${lines}`)).toEqual(expected);
  });
});

describe("what the base image has", () => {
  const kernel = {
    name: "lab/kernel:1",
    user: "1000",
    env: { NB_UID: "1000", EG: "/opt" },
    entrypoint: ["tini", "--"],
    command: ["/usr/local/bin/bootstrap-kernel.sh"],
    ports: ["8888/tcp"],
  };
  const on = (lines: string, image: Partial<BaseImage> = {}) =>
    check(`FROM lab/kernel:1\n${lines}`, {}, {}, { ...kernel, ...image });

  test("need not be repeated", async () => {
    expect(await on("RUN true")).toEqual([]);
    expect(await on(`USER root\nRUN true\nUSER \${NB_UID}`)).toEqual([]);
    expect(await on("ARG NB_UID=0\nUSER $NB_UID")).toEqual([]);
    const staged = "FROM lab/kernel:1 AS a\nRUN true\nFROM a\nRUN true";
    expect(await check(staged, {}, {}, kernel)).toEqual([]);
    expect(await check(`ARG V=1\nFROM lab/kernel:$V`, {}, {}, kernel)).toEqual([]);
  });

  test.each([
    ["RUN true", { user: "" }, ["1 runs-as-root"]],
    ["RUN true", { user: "0:100" }, ["1 runs-as-root"]],
    ["RUN useradd -o -u 0 lab", { user: "lab" }, ["1 runs-as-root"]],
    ["USER $NB_UID", { env: { NB_UID: "0" } }, ["2 runs-as-root"]],
    ["USER $NB_UID", { env: {} }, ["2 user-unknown"]],
    ["RUN true", { command: ["start-notebook.sh"] }, ["1 no-command"]],
    ["RUN true", { command: [], entrypoint: [] }, ["1 no-command"]],
    ["RUN true", { ports: [] }, ["1 no-port"]],
    ["USER root", {}, ["2 runs-as-root"]],
    ["CMD bash", {}, ["2 not-a-kernel-command"]],
  ])("is judged: %j on %j", async (lines, image, expected) => {
    expect(await on(lines, image)).toEqual(expected);
  });

  test("is another image's nothing", async () => {
    expect(
      await check(`FROM other:1 AS a\nUSER $NB_UID\n${TAIL.replace("USER 1000\n", "")}`, {}, {}, kernel),
    ).toEqual(["2 user-unknown"]);
  });

  test("nothing is left to a stage on scratch", async () => {
    writeFileSync(join(folder, "Dockerfile"), "FROM scratch\nCMD bootstrap-kernel.sh\nEXPOSE 1");
    const { problems, dependsOn } = await checkDockerfile(await readBuildContext(folder));
    expect(problems).toMatchObject([{ code: "no-user", severity: "error" }]);
    expect(dependsOn).toBeUndefined();
  });
});

describe("secrets", () => {
  test.each([
    "ENV API_TOKEN=abc",
    "ENV A=1 DB_PASSWORD=x",
    "ENV DB_PASSWORD x",
    "ARG GITHUB_TOKEN",
    "ARG githubToken=x",
    `ENV HARMLESS=ghp_${"a".repeat(36)}`,
    "ENV INDEX=https://user:word@example.org/simple",
    'ENV PIP_EXTRA="--index https://user:word@example.org"',
    `ENV HEADER="token ghp_${"a".repeat(36)}"`,
    "ENV DB_PASS=x",
    "ONBUILD ENV GH_TOKEN=abc",
    "onbuild arg GH_TOKEN",
    `RUN curl -H "Authorization: Bearer ghp_${"a".repeat(36)}" https://example.org`,
    "RUN true && \\\n  git clone https://user:word@example.org/x.git",
    `RUN <<EOF\nexport A=ghp_${"a".repeat(36)}\nEOF`,
    `LABEL a=1 deploy="ghp_${"a".repeat(36)}"`,
    "ADD https://user:word@example.org/x.tar /x",
    `ONBUILD RUN echo ghp_${"a".repeat(36)}`,
  ])("%s", async (line) => {
    expect(await check(`FROM a:1\n${line}\n${TAIL}`)).toEqual(["2 secret-in-image"]);
    expect(JSON.stringify(await checkDockerfile(await readBuildContext(folder)))).not.toMatch(/ghp_|word@/);
  });

  test.each([
    "ENV API_TOKEN=",
    "ENV TOKEN_FILE=/run/secrets/token",
    "ENV MONKEY=1 TOKENIZERS_PARALLELISM=false",
    "ARG VERSION=1",
    "RUN --mount=type=secret,id=token cat /run/secrets/token",
    `RUN --mount=type=secret,id=t T=$(cat /run/secrets/t) && git clone "https://x:\${T}@example.org/x.git"`,
    "RUN --mount=type=secret,id=t git clone https://x:$(cat /run/secrets/t)@example.org/x.git",
    "RUN pip install hf_transfer scikit-learn https://example.org/a@1.whl",
    "LABEL org.opencontainers.image.source=https://example.org/a token.help='see the manual'",
  ])("none in %s", async (line) => {
    expect(await check(`FROM a:1\n${line}\n${TAIL}`)).toEqual([]);
  });

  test("an argument before FROM counts too", async () => {
    expect(await check(`ARG API_KEY\nFROM a:1\n${TAIL}`)).toEqual(["1 secret-in-image"]);
  });
});

describe("what is copied", () => {
  const files = {
    "requirements.txt": "",
    "src/a.py": "",
    "src/deep/b.py": "",
    "a b.txt": "",
    ".dockerignore": "secret.txt",
    "secret.txt": "",
  };
  test.each([
    ["COPY requirements.txt /x", []],
    ["COPY ./requirements.txt src/ /x/", []],
    ["COPY /requirements.txt /x", []],
    ["COPY . /x", []],
    ["COPY src/*.py /x/", []],
    ["COPY --chown=1000:100 src /x", []],
    ['COPY ["a b.txt", "/x"]', []],
    ["COPY \"requirements.txt\" 'src' /x/", []],
    // Docker parts these at the blanks: a build of them fails.
    ['COPY "a b.txt" /x/', ["2 copy-blanks"]],
    ["COPY a\\ b.txt /x/", ["2 copy-blanks"]],
    ['COPY requirements.txt "/x y/"', ["2 copy-blanks"]],
    ["ARG FILE=requirements.txt\nCOPY $FILE /x", []],
    ["COPY $UNKNOWN /x", []],
    ["ADD https://example.org/x.tar /x", []],
    ["COPY <<EOF /x\ntext\nEOF", []],
    ["COPY --from=docker.io/library/busybox:1 /bin/sh /x", []],
    ["COPY --from=ghcr.io/x/uv:latest /uv /x", ["2 base-image-not-pinned"]],
    ["COPY --from=ghcr.io/x/uv /uv /x", ["2 base-image-not-pinned"]],
    [`COPY --from=ghcr.io/x/uv@sha256:${"a".repeat(64)} /uv /x`, []],
    ["COPY --from=nostage /uv /x", ["2 unknown-stage"]],
    ["COPY --from=0 /a /x", ["2 unknown-stage"]],
    ["RUN true\nFROM a:1 AS Web\nRUN true\nFROM a:1\nCOPY --from=web /a /x\nCOPY --from=0 /a /x", []],
    ["RUN true\nFROM a:1\nCOPY --from=late /a /x\nFROM a:1 AS late", ["4 unknown-stage"]],
    ["COPY --from=$STAGE /a /x", ["2 stage-unknown"]],
    ["RUN --mount=type=bind,source=requirements.txt,target=/r true", []],
    ["RUN --mount=target=/src --mount=type=cache,source=gone,target=/c true", []],
    ["RUN --mount=type=bind,from=busybox:1,source=gone,target=/r true", []],
    ["RUN --mount=type=bind,source=gone.txt,target=/r true", ["2 copy-missing"]],
    [
      "RUN --mount=src=../gone,target=/r --mount=from=nostage,target=/s true",
      ["2 unknown-stage", "2 copy-outside"],
    ],
    ["RUN --mount=type=cache,from=x/busybox,target=/c true", ["2 base-image-not-pinned"]],
    ["RUN --mount=type=secret,id=token,source=gone true", []],
    ["ONBUILD COPY gone /x", []],
    ["COPY requirement.txt /x", ["2 copy-missing"]],
    ["ADD nothing.tar /x", ["2 copy-missing"]],
    ["ADD HTTPS://example.org/x.tar /x", ["2 copy-missing"]],
    ["COPY *.csv /x/", ["2 copy-missing"]],
    ["COPY requirements.txt gone.txt /x/", ["2 copy-missing"]],
    ["COPY ../outside /x", ["2 copy-outside"]],
    ["COPY src/../../outside /x", ["2 copy-outside"]],
    ["COPY secret.txt /x", ["2 copy-ignored"]],
  ])("%j", async (line, expected) => {
    expect(await check(`FROM a:1\n${line}\n${TAIL}`, files)).toEqual(expected);
  });
});

test("everything that is wrong is reported at once, in the order of the lines", async () => {
  const text = "FROM python\nARG TOKEN\nCOPY nothing /x\nUSER 0:0\nEXPOSE x\nCMD sleep 1";
  expect(await check(text)).toEqual([
    "1 base-image-not-pinned",
    "2 secret-in-image",
    "3 copy-missing",
    "4 runs-as-root",
    "5 not-a-port",
    "6 not-a-kernel-command",
  ]);
  expect(await check("# empty")).toEqual(["undefined no-base-image"]);
});
