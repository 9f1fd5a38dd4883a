import { LecternError } from "../../problem/problem.ts";
import type { ProviderContext } from "../../resource/context/context.ts";
import { type Inputs, knownInputs, type State } from "../../resource/contract.ts";
import { provide } from "../../resource/provide.ts";
import { apiOf } from "../release/api/kubernetes-api.ts";
import { hold, holdForRemoval, idOf } from "../release/lease/holding.ts";
import { deployedRecord } from "../release/record/release-history.ts";
import { hubRetirementContract } from "./hub-retirement-contract.ts";
import { type KeptVolume, keepVolumes } from "./keep-volumes.ts";
import { stopWorkloads } from "./stop-workloads.ts";

type RetirementInputs = Inputs<typeof hubRetirementContract>;
type RetirementState = State<typeof hubRetirementContract>;

/** Stops a hub whose release is removed next. Its volumes are kept first: what fails then has stopped nothing. */
export const hubRetirementProvider = provide(hubRetirementContract, {
  async diff(state, planned) {
    const wanted = knownInputs<RetirementInputs>(planned);
    if (wanted === undefined) return { change: "update" };
    if (idOf(wanted) !== idOf(state))
      return { change: "replace", because: ["cluster", "namespace", "release"] };
    return { change: "none" };
  },

  async create(wanted, context) {
    return { id: idOf(wanted), state: await retired(wanted, context) };
  },

  update: (_id, _state, wanted, context) => retired(wanted, context),

  async delete(id, state, context) {
    const { namespace, cluster, volumes } = state;
    // Its release goes next, unless the hub is started again.
    await holdForRemoval({ ...state, api: await apiOf(state, context) }, context);
    const where =
      volumes.length === 0
        ? "it had no volumes"
        : `its volumes stay in the cluster ${cluster}: ${volumes.map((one) => volumeText(one, namespace)).join(", ")}`;
    context.report({
      severity: "info",
      resource: id,
      message: `the hub is no longer retired here; ${where}`,
    });
  },
});

async function retired(wanted: RetirementInputs, context: ProviderContext): Promise<RetirementState> {
  const { namespace } = wanted;
  const api = await apiOf(wanted, context);
  const holding = await hold({ ...wanted, api }, context);
  const record = await deployedRecord(api, wanted);
  if (record === undefined) throw noRelease(wanted);
  const place = { api, namespace, cluster: wanted.cluster };
  const before = await keepVolumes(place, new Set());
  const stopped = await stopWorkloads(place, record.manifest);
  // While the hub ran, it could make claims.
  const after = await keepVolumes(place, new Set(before.kept.map(({ claim }) => claim)));
  const volumes = [...before.kept, ...after.kept];
  const tell = (message: string) => context.report({ severity: "info", resource: idOf(wanted), message });
  for (const volume of volumes) tell(`kept: ${volumeText(volume, namespace)}`);
  for (const claim of after.unbound)
    tell(`PersistentVolumeClaim ${claim} has no volume, so nothing is kept of it`);
  await holding.settle();
  return { ...wanted, stopped, volumes };
}

const volumeText = ({ claim, volume }: KeptVolume, namespace: string) =>
  `PersistentVolume ${volume} of the claim ${namespace}/${claim}`;

function noRelease({ cluster, namespace, release }: RetirementInputs) {
  return new LecternError({
    code: "no-release",
    severity: "error",
    message: `the namespace ${namespace} of the cluster ${cluster} has no deployed release ${release} in Helm's records, so what is to be stopped is not known`,
    remedy: "Run `pulumi refresh`, and remove the hub from cluster.yaml if the release is gone",
  });
}
