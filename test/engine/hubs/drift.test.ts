import { afterAll, beforeAll, expect, it } from "vitest";
import { BOT } from "../../../cli/comment/github/testing/github-stand-in.ts";
import { FakeGithub } from "../../../cli/drift/issue/testing/fake-github.ts";
import { requireService } from "../../services/require.ts";
import { differencesIn, runDrift, statesOf } from "../drifting.ts";
import { findHubPrograms, HubPlace, PASSWORD } from "./hub-place.ts";

// `lectern drift` over two stacks on the real engine, with things that somebody changed in a cluster.
const MINUTES = 60_000;

requireService(
  "the real Pulumi with its Kubernetes plugin and a Kubernetes API",
  findHubPrograms,
  ({ cli, programs }) => {
    let place: HubPlace;
    let github: FakeGithub;
    beforeAll(async () => {
      github = new FakeGithub();
      await github.start();
      place = await HubPlace.start(cli, programs, ["east"]);
      place.write("clusters/east/common.yaml", { hook: false, greeting: "hello" });
      await up("staging");
      await up("prod");
    }, 10 * MINUTES);
    afterAll(async () => {
      await place?.stop();
      await github?.stop();
    });

    async function up(stack: string) {
      const ended = await place.lectern.run("up", stack);
      expect(ended.ok, ended.stdout + ended.stderr).toBe(true);
    }

    /** Runs the command by the account that may only read. @param before what happens first */
    async function drift(before: () => Promise<void> = async () => {}) {
      place.as = "preview";
      const options = { catalog: place.catalog, issue: true, repository: "my-university/teaching" };
      const ended = await place.lectern.serve("prod", () =>
        place.lectern.serve("staging", async () => {
          await before();
          return runDrift(place.lectern.pulumi, options, github.environment);
        }),
      );
      place.as = undefined;
      expect(ended.stdout + ended.stderr).not.toContain(PASSWORD);
      return ended;
    }

    /** Everything that a run could have written. */
    const world = async () => ({
      states: statesOf(place.lectern.pulumi),
      staging: await place.versions("east", "staging"),
      prod: await place.versions("east", "prod"),
    });

    it("nothing differs after a deployment, and nothing is written", { timeout: 5 * MINUTES }, async () => {
      const before = await world();
      const { code, report, states, stderr } = await drift();
      expect(differencesIn(report), stderr).toEqual([]);
      expect(states).toEqual(["staging clean", "prod clean"]);
      expect([code, report.issue]).toEqual([0, null]);
      expect(await world()).toEqual(before);
    });

    it("names what somebody edited, held and accepted apart, in one issue, and writes nothing else", {
      timeout: 5 * MINUTES,
    }, async () => {
      await place.editByHand("east", "staging", { greeting: "edited", added: "by hand" });
      await place.editByHand("east", "prod", { greeting: "edited" });
      const accept = [{ object: "ConfigMap hub", field: "data.added", reason: "until Friday" }];
      place.declare("east", { staging: { accept }, prod: { hold: true } });
      const before = await world();
      const { code, report, states, stderr } = await drift();
      expect(states, stderr).toEqual(["staging drift", "prod drift"]);
      expect(differencesIn(report)).toEqual([
        "staging | Hub east/staging | ConfigMap hub | data.greeting | changed | kubectl-edit | undone",
        "staging | Hub east/staging | ConfigMap hub | data.added | added | kubectl-edit | accepted | until Friday",
        "prod | Hub east/prod | ConfigMap hub | data.greeting | changed | kubectl-edit | held",
      ]);
      expect(code).toBe(3);
      expect(report.issue).toMatchObject({ action: "opened", number: 1 });
      expect(await world()).toEqual(before);
      expect(github.issues).toMatchObject([
        {
          title: "Drift: 2 differences in 2 stacks",
          body: expect.stringMatching(
            /^<!-- lectern-drift -->\n.*hub \*\*east\/staging\*\* \| ConfigMap hub: `data.greeting` was changed \| `kubectl-edit`/s,
          ),
          user: { login: BOT },
        },
      ]);
    });

    it("a stack that can't be looked at does not close the issue", { timeout: 5 * MINUTES }, async () => {
      place.declare("east");
      await up("staging");
      await up("prod");
      // The plugin that signs in refuses.
      const kubeconfig = place.kubeconfig("east", "preview").replace('"value":"ci"', '"value":"nobody"');
      const secret = ["lectern:kubeconfigs"];
      const { code, report, states } = await drift(() =>
        place.lectern.pulumi.configure(
          "prod",
          { "lectern:kubeconfigs": JSON.stringify({ east: kubeconfig }) },
          secret,
        ),
      );
      expect(states).toEqual(["staging clean", "prod failed"]);
      expect(report.stacks[1]?.errors.join("\n")).toMatch(/sign-in-to-cluster/);
      expect([code, report.issue]).toMatchObject([1, { action: "updated", number: 1 }]);
      expect(github.issues[0]).toMatchObject({
        state: "open",
        body: expect.stringContaining("Could not be looked at"),
      });
    });

    it("the issue is closed when all is as it was deployed", { timeout: 5 * MINUTES }, async () => {
      const { code, report, states } = await drift();
      expect(states).toEqual(["staging clean", "prod clean"]);
      expect([code, report.issue]).toMatchObject([0, { action: "closed", number: 1 }]);
      expect(github.issues).toMatchObject([
        { state: "closed", comments: ["Everything is as it was deployed again."] },
      ]);
    });
  },
);
