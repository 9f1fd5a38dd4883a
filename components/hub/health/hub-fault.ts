import { LecternError } from "../../problem/problem.ts";

/** Why a hub is not healthy. Another attempt may help, unless it is `final`. */
export class HubFault extends LecternError {
  override readonly name: string = "HubFault";
  readonly isFinal: boolean;

  /** @param message one sentence without a full stop, without secrets */
  constructor(message: string, remedy: string, { final = false } = {}) {
    super({ code: "hub-unhealthy", severity: "error", message, remedy });
    this.isFinal = final;
  }
}

export const SEE_HUB_LOG = "See the hub's own log for the cause";
