import { describe, expect, it } from "vitest";
import { hubMail, isMailSetting } from "./hub-mail.ts";

/** GitHub's API, which knows one account. */
function github(answers = true) {
  const asked: string[] = [];
  const call = async (input: Parameters<typeof fetch>[0], init?: RequestInit) => {
    asked.push(`${input} ${new Headers(init?.headers).get("authorization")}`);
    if (!answers) throw new TypeError("fetch failed");
    return String(input).endsWith("/users/ada")
      ? Response.json({ id: 1815, login: "ada" })
      : Response.json({ message: "Not Found" }, { status: 404 });
  };
  return { asked, fetch: call as typeof fetch };
}
const none = { fetch: () => Promise.reject(new Error("nobody is to be asked")), environment: {} };

describe("the address of somebody who signs in at a Hub", () => {
  it.each([
    ["ada@uni.example", undefined, "ada@uni.example"],
    ["ada@uni.example", "campus.example", "ada@uni.example"],
    ["ada", undefined, undefined],
    ["ada", "campus.example", "ada@campus.example"],
    ["Ada Lovelace <x>", "campus.example", "ada-lovelace-x@campus.example"],
    ["..", "campus.example", "somebody@campus.example"],
  ])("of %j with %j is %j", async (name, setting, address) => {
    expect(await hubMail(setting, none)(name)).toBe(address);
  });

  it("is that which GitHub links to the account, which is looked up once", async () => {
    const { asked, fetch } = github();
    const mail = hubMail("github", { fetch, environment: { GITHUB_TOKEN: "t" } });
    expect(await mail("ada")).toBe("1815+ada@users.noreply.github.com");
    expect(await mail("ada")).toBe("1815+ada@users.noreply.github.com");
    expect(asked).toEqual(["https://api.github.com/users/ada Bearer t"]);
  });

  it("is at the host of a GitHub Enterprise Server", async () => {
    const { fetch } = github();
    const environment = { GITHUB_API_URL: "https://git.example/api/v3" };
    expect(await hubMail("github", { fetch, environment })("ada")).toBe("1815+ada@users.noreply.git.example");
  });

  it("has no number where GitHub does not tell it, and is asked for again", async () => {
    const { asked, fetch } = github(false);
    const mail = hubMail("github", { fetch, environment: {} });
    expect(await mail("ada")).toBe("ada@users.noreply.github.com");
    expect(await mail("ada")).toBe("ada@users.noreply.github.com");
    expect(asked).toHaveLength(2);
    expect(await mail("not a login")).toBeUndefined();
  });

  it("is set as a domain, or as github", () => {
    expect(["github", "uni.example", "a.b-c.example"].filter(isMailSetting)).toHaveLength(3);
    expect(
      ["", "gitlab", "@uni.example", "ada@uni.example", "uni", "-.example", "a b.c"].filter(isMailSetting),
    ).toEqual([]);
  });
});
