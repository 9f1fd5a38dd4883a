import { isDeepStrictEqual } from "node:util";
import { LecternError } from "../../problem/problem.ts";
import type { Clock } from "../../resource/provider.ts";
import type { GatewayClient } from "../gateway/gateway-client.ts";
import { imageOf } from "./kernelspec-patch.ts";

/** Milliseconds in which a gateway must know a kernel as its hosts have it. */
const LIMIT = 20_000;
/** Milliseconds after which a gateway that still answers the old spec is told again. */
const PATIENCE = 2_000;

/** What of a kernelspec counts: everything that a gateway hands on as it is written. */
const FIELDS = ["argv", "display_name", "language", "env", "metadata"] as const;

/**
 * Waits until the gateway answers the kernelspec exactly as it was written, the image's digest
 * included.
 * @param expected what the hosts have: one, or more where hands changed some of them
 * @param nudge what makes a gateway with a cache look again
 * @throws {LecternError} where it doesn't within the limit
 */
export async function verifyKernelspec(
  client: GatewayClient,
  name: string,
  expected: readonly Readonly<Record<string, unknown>>[],
  clock: Clock,
  nudge: () => Promise<void>,
): Promise<void> {
  const start = clock.now();
  let nudged = false;
  for (let pause = 100; ; pause = Math.min(pause * 2, 2_000)) {
    const listed = await client.kernelspec(name);
    const differences = expected.map((spec) => differenceOf(listed, spec));
    const [difference] = differences;
    if (difference === undefined || differences.includes(undefined)) return;
    const waited = clock.now() - start;
    if (waited > LIMIT) throw stale(client.label, name, difference);
    if (waited > PATIENCE && !nudged) {
      nudged = true;
      await nudge();
    }
    await clock.sleep(pause);
  }
}

function differenceOf(
  listed: { readonly spec: Readonly<Record<string, unknown>> } | undefined,
  expected: Readonly<Record<string, unknown>>,
): string | undefined {
  if (!listed) return "doesn't know the kernel";
  const [image, wanted] = [imageOf(listed.spec), imageOf(expected)];
  if (image !== wanted) return `answers the image ${image ?? "(none)"} instead of ${wanted ?? "(none)"}`;
  const field = FIELDS.find((key) => !isDeepStrictEqual(listed.spec[key], expected[key]));
  return field === undefined ? undefined : `answers another ${field}`;
}

function stale(label: string, name: string, difference: string): LecternError {
  return new LecternError({
    code: "kernelspec-not-verified",
    severity: "error",
    message: `the gateway ${label} ${difference} for ${name}, ${LIMIT / 1000} s after it was written`,
    remedy: "Check that `specsFolder` is the folder that the gateway reads, and its kernelspec cache",
  });
}
