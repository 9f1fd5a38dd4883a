import { LecternError } from "../../problem/problem.ts";

/** Whose failure it is: of the gateway or the way to it, or of the one kernel that was asked for. */
export type Fault = "gateway" | "kernel";

/** A call to a gateway that failed: it names the call, the gateway and the status, never the token. */
export class GatewayError extends LecternError {
  override readonly name: string = "GatewayError";
  /** The HTTP status, or undefined where there was no answer. */
  readonly status: number | undefined;
  readonly fault: Fault;
  /** What is wrong, without the call and the gateway. */
  readonly what: string;

  constructor(gateway: string, call: string, what: string, status?: number, fault = faultOf(status)) {
    super({
      code: "gateway",
      severity: "error",
      message: `${call} of the gateway ${gateway}: ${what}`,
      remedy: remedyFor(status),
    });
    this.status = status;
    this.fault = fault;
    this.what = what;
  }

  /** Whether the gateway does not answer by itself: there is no answer, or a proxy's before it. */
  get isDown(): boolean {
    return this.fault === "gateway" && (this.status === undefined || this.status >= 500);
  }

  get remedy(): string {
    return remedyFor(this.status);
  }
}

/** Whose failure a status tells of. */
export function faultOf(status: number | undefined): Fault {
  // 502 to 504 come from a proxy whose gateway is gone; 500 is the gateway's answer about a kernel.
  const isKernel = status !== undefined && status !== 401 && status !== 403 && !(status > 500);
  return isKernel ? "kernel" : "gateway";
}

function remedyFor(status: number | undefined): string {
  if (status === undefined || status > 500)
    return "Check that the gateway is running, and `url` in lectern:gateways";
  if (status === 401) return "Set the gateway's token with `pulumi config set --secret lectern:gatewayToken`";
  if (status === 403) return "Check the gateway's limits, its allowed kernels and its authorised users";
  return "See the gateway's own log for the cause";
}
