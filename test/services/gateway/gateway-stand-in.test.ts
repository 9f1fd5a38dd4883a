import { describe } from "vitest";
import { gatewayContract } from "./gateway-contract.ts";
import { gatewayKillContract } from "./gateway-kill-contract.ts";

describe("with the sandbox's stand-in", () => {
  describe("kernels", () => gatewayContract(false));
  describe("killed", () => gatewayKillContract(false));
});
