import { describe, expect, it } from "vitest";
import { readAnnouncements, unknownHubs } from "./announcements-file.ts";
import { announcementsText } from "./announcements-text.ts";

const FILE = "catalog/clusters/campus/announcements.yaml";
const read = (text: string) => readAnnouncements(text, FILE);
const WRITTEN = `timeZone: Europe/Rome
announcements:
  - text: The hub restarts on Friday.
    from: 2026-10-24
    until: 2026-10-25
    level: warning
    hubs: [prod]
  - text: Welcome.
`;
const shown = (hub: string, changes: Parameters<typeof announcementsText>[2] = [], text = WRITTEN) =>
  JSON.parse(announcementsText(read(text), [hub], changes));

describe("announcements.yaml", () => {
  it("is shown from the beginning of the first day to the end of the last one, where the hub is", () => {
    // The clocks of Rome change on 25 October, so that its last day has 25 hours.
    expect(shown("prod").announcements).toEqual([
      {
        text: "The hub restarts on Friday.",
        level: "warning",
        from: "2026-10-23T22:00:00Z",
        until: "2026-10-25T23:00:00Z",
      },
      { text: "Welcome.", level: "info", from: "0000", until: "9999" },
    ]);
  });

  it("is shown by the hubs that it names alone", () => {
    expect(shown("staging").announcements.map(({ text }: { text: string }) => text)).toEqual(["Welcome."]);
  });

  it("shows what changed for as long as it says", () => {
    const changes = [{ at: Date.parse("2026-10-01T12:00:00Z"), text: "The profile GPU is new" }];
    const own = {
      text: "The profile GPU is new",
      from: "2026-10-01T12:00:00Z",
      until: "2026-10-15T12:00:00Z",
    };
    expect(shown("prod", changes).changes).toEqual([own]);
    expect(shown("prod", changes, `${WRITTEN}changesFor: 0\n`).changes).toEqual([]);
  });

  it.each([
    ["a missing time zone", "announcements: []", /timeZone/],
    ["an unknown day", WRITTEN.replace("2026-10-24", "2026-02-30"), /:4:\d+ announcements\[0\]\.from: /],
    [
      "a last day before the first",
      WRITTEN.replace("2026-10-25", "2026-10-01"),
      /:5:\d+ .*until: the last day is before/,
    ],
    ["a misspelt key", WRITTEN.replace("level:", "levle:"), /"levle"\. Did you mean "level"/],
    ["an empty text", "timeZone: Europe/Rome\nannouncements: [{text: ' '}]", /announcements\[0\]\.text/],
  ])("is refused for %s", (_what, text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it("names no hub that the cluster does not have", () => {
    expect(unknownHubs(read(WRITTEN), ["staging", "prod"])).toEqual([]);
    expect(unknownHubs(read(WRITTEN), ["staging", "pord"])).toMatchObject([
      {
        code: "unknown-hub",
        file: FILE,
        path: "announcements[0].hubs[0]",
        remedy: expect.stringContaining("pord"),
      },
    ]);
  });
});
