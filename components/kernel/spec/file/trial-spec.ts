import { isObject } from "../../../json.ts";

const BACKENDS = ["process_proxy", "kernel_provisioner"] as const;

/**
 * A kernel.json as it is tried: the same kernel, which only the trial's user may start and which its name
 * tells from the one that students see.
 */
export function renderTrial(kernelJson: Buffer, username: string): string {
  const spec: unknown = JSON.parse(kernelJson.toString("utf8"));
  const { display_name: name, metadata, ...rest } = isObject(spec) ? spec : {};
  const backends = BACKENDS.flatMap((key) => {
    const backend = isObject(metadata) ? metadata[key] : undefined;
    if (!isObject(backend)) return [];
    const config = isObject(backend["config"]) ? backend["config"] : {};
    return [[key, { ...backend, config: { ...config, authorized_users: username } }] as const];
  });
  const trial = {
    ...rest,
    display_name: `${String(name)} (trial)`,
    metadata: { ...(isObject(metadata) ? metadata : {}), ...Object.fromEntries(backends) },
  };
  return `${JSON.stringify(trial, null, 2)}\n`;
}
