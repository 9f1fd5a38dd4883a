import { LecternError } from "../../problem/problem.ts";

/** A call to a gateway that failed: it names the call, the gateway and the status, never the token. */
export class GatewayError extends LecternError {
  override readonly name: string = "GatewayError";
  /** The HTTP status, or undefined where there was no answer. */
  readonly status: number | undefined;

  constructor(gateway: string, call: string, what: string, status?: number) {
    super({
      code: "gateway",
      severity: "error",
      message: `${call} of the gateway ${gateway}: ${what}`,
      remedy: remedyFor(status),
    });
    this.status = status;
  }
}

function remedyFor(status: number | undefined): string {
  if (status === undefined) return "Check that the gateway is running, and `url` in lectern:gateways";
  if (status === 401) return "Set the gateway's token with `pulumi config set --secret lectern:gatewayToken`";
  if (status === 403) return "Check the gateway's limits, its allowed kernels and its authorised users";
  return "See the gateway's own log for the cause";
}
