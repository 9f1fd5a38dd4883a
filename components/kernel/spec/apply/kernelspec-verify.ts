import { isDeepStrictEqual } from "node:util";
import { LecternError } from "../../../problem/problem.ts";
import type { ProviderContext } from "../../../resource/context/context.ts";
import type { GatewayClient } from "../../gateway/gateway-client.ts";
import { imageOf } from "../file/kernelspec-patch.ts";

/** A gateway must know a kernel as its hosts have it within the limit. */
const PACE = { first: 100, growth: 2, slowest: 2_000, limit: 20_000 };
/** Milliseconds after which a gateway that still has the old spec is made to look again. */
const NUDGE_AFTER = 2_000;

/** What of a kernelspec counts: everything that a gateway hands on as it is written. */
const FIELDS = ["argv", "display_name", "language", "env", "metadata"] as const;

/**
 * Waits until the gateway has the kernelspec exactly as it was written, the image's digest included.
 * @param expected what the hosts have: one, or several where some were changed by hand
 * @param nudge what makes a gateway with a cache look again
 * @throws {LecternError} where it doesn't within the limit
 */
export async function verifyKernelspec(
  client: GatewayClient,
  name: string,
  expected: readonly Readonly<Record<string, unknown>>[],
  context: ProviderContext,
  nudge: () => Promise<void>,
): Promise<void> {
  let nudged = false;
  let difference: string | undefined;
  const verified = await context.poll(async (waited) => {
    const listed = await client.kernelspec(name);
    const differences = expected.map((spec) => differenceOf(listed, spec));
    [difference] = differences;
    if (difference === undefined || differences.includes(undefined)) return true;
    if (waited > NUDGE_AFTER && !nudged) {
      nudged = true;
      await nudge();
    }
    return undefined;
  }, PACE);
  if (!verified) throw stale(client.label, name, difference ?? "has another spec");
}

function differenceOf(
  listed: { readonly spec: Readonly<Record<string, unknown>> } | undefined,
  expected: Readonly<Record<string, unknown>>,
): string | undefined {
  if (!listed) return "doesn't know the kernel";
  const [image, wanted] = [imageOf(listed.spec), imageOf(expected)];
  if (image !== wanted) return `has the image ${image ?? "(none)"} instead of ${wanted ?? "(none)"}`;
  const field = FIELDS.find((key) => !isDeepStrictEqual(listed.spec[key], expected[key]));
  return field === undefined ? undefined : `has another ${field}`;
}

function stale(label: string, name: string, difference: string): LecternError {
  return new LecternError({
    code: "kernelspec-not-verified",
    severity: "error",
    message: `the gateway ${label} ${difference} for ${name}, ${PACE.limit / 1000} s after it was written`,
    remedy: "Check that `specsFolder` is the folder that the gateway reads, and its kernelspec cache",
  });
}
