import { formatProblem, LecternError } from "../../../problem/problem.ts";
import type { ProviderContext } from "../../../resource/context/context.ts";
import { type Inputs, knownInputs, type State } from "../../../resource/contract.ts";
import { provide } from "../../../resource/provide.ts";
import { apiOf } from "../api/kubernetes-api.ts";
import { releaseHistory } from "../record/release-history.ts";
import { hasOtherSettings } from "../release-target.ts";
import { heal } from "./healing.ts";
import { begunOf, endRemoval, hold, idOf, isUnderWay } from "./holding.ts";
import { releaseLeaseContract } from "./release-lease-contract.ts";

type LeaseInputs = Inputs<typeof releaseLeaseContract>;
type LeaseState = State<typeof releaseLeaseContract>;

/**
 * Takes the Lease of a release before it changes, and heals what a run that was killed left of it. The Lease is
 * renewed in the background until the release's ReleaseDrift, which follows it, sees it deployed.
 */
export const releaseLeaseProvider = provide(releaseLeaseContract, {
  async diff(state, planned, context) {
    const wanted = knownInputs<LeaseInputs>(planned);
    if (wanted === undefined) return { change: "update" };
    if (idOf(wanted) !== idOf(state))
      return { change: "replace", because: ["cluster", "namespace", "release"] };
    if (wanted.change !== state.change || hasOtherSettings(state, wanted)) return { change: "update" };
    return { change: (await needsHealing(wanted, context)) ? "update" : "none" };
  },

  async create(wanted, context) {
    return { id: idOf(wanted), state: await holdAndHeal(wanted, context) };
  },

  update: (_id, _state, wanted, context) => holdAndHeal(wanted, context),

  async delete(_id, state, context) {
    const api = await apiOf(state, context);
    await endRemoval({ ...state, api }, context);
  },
});

/** Whether a run was killed in the middle of the release. Where the cluster can't say, nothing is known of one. */
async function needsHealing(wanted: LeaseInputs, context: ProviderContext): Promise<boolean> {
  try {
    const api = await apiOf(wanted, context);
    return (await isUnderWay(api, wanted)) || (await begunOf(api, wanted)) !== undefined;
  } catch (error) {
    if (!(error instanceof LecternError)) throw error;
    const message = `it is not known whether a run was interrupted: ${error.problems.map(formatProblem).join(" ")}`;
    context.report({ severity: "warning", resource: idOf(wanted), message });
    return false;
  }
}

async function holdAndHeal(wanted: LeaseInputs, context: ProviderContext): Promise<LeaseState> {
  const api = await apiOf(wanted, context);
  const holding = await hold({ ...wanted, api }, context);
  const healed = await heal(api, wanted, holding.begun);
  for (const message of healed) context.report({ severity: "warning", resource: idOf(wanted), message });
  const isFirst = (await releaseHistory(api, wanted)).length === 0;
  if (isFirst) await holding.noteFirstInstall();
  return { ...wanted, healed };
}
