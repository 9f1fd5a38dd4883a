import { expect, it, onTestFinished } from "vitest";
import { GithubWithPulls } from "../testing/github-with-pulls.ts";
import { forgeOf } from "./forge.ts";

const clock = { now: Date.now, sleep: async () => {} };
const network = { fetch, clock };
const ENVIRONMENT = { GITHUB_TOKEN: "canary" };

it.each([
  "https://github.com/my-university/teaching.git",
  "https://github.com/my-university/teaching",
  "https://ada@github.com/my-university/teaching.git",
  "git@github.com:my-university/teaching.git",
  "ssh://git@github.com:22/my-university/teaching",
])("opens pull requests where origin is %s", (remote) => {
  expect(forgeOf({ environment: ENVIRONMENT, network }, remote)).toBeDefined();
});

it.each([undefined, "/srv/teaching.git", "https://gitlab.example.org/a/b.git", "https://github.com/a"])(
  "opens none where origin is %s",
  (remote) => expect(forgeOf({ environment: ENVIRONMENT, network }, remote)).toBeUndefined(),
);

it("is the API's own host of an enterprise, and of no other", () => {
  const environment = { ...ENVIRONMENT, GITHUB_API_URL: "https://github.example.org/api/v3" };
  expect(forgeOf({ environment, network }, "git@github.example.org:a/b.git")).toBeDefined();
  expect(forgeOf({ environment, network }, "git@github.com:a/b.git")).toBeUndefined();
});

it("gives git the token for that origin alone, and only over HTTPS", () => {
  const credentials = (remote: string) => forgeOf({ environment: ENVIRONMENT, network }, remote)?.credentials;
  expect(credentials("https://github.com/a/b.git")).toEqual({
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "http.https://github.com/.extraHeader",
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${Buffer.from("x-access-token:canary").toString("base64")}`,
  });
  expect(credentials("http://github.com/a/b.git")).toEqual({});
  expect(credentials("git@github.com:a/b.git")).toEqual({});
});

it("opens one pull request where the answer of opening it is lost", async () => {
  const github = new GithubWithPulls();
  await github.start();
  onTestFinished(() => github.stop());
  const forge = forgeOf({ environment: github.environment, network }, "/srv/teaching.git");
  const pull = { branch: "studio/ada/x", target: "main", title: "Change", body: "" };
  github.troubles.push({ status: 502, method: "POST", done: true });
  expect((await forge?.open(pull))?.number).toBe(1);
  github.troubles.push({ status: 502, method: "POST" });
  await expect(forge?.open({ ...pull, branch: "studio/ada/y" })).rejects.toThrow(/GitHub does not answer/);
  expect(github.pulls).toHaveLength(1);
});
