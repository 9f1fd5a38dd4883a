import { describe } from "vitest";
import { gatewayCacheContract } from "./gateway-cache-contract.ts";
import { gatewayContract } from "./gateway-contract.ts";
import { gatewayKillContract } from "./gateway-kill-contract.ts";
import { findEnterpriseGateway, requireService } from "./require.ts";

requireService("a Jupyter Enterprise Gateway", findEnterpriseGateway, (program) => {
  describe("kernels", () => gatewayContract(program));
  describe("killed", () => gatewayKillContract(program));
  describe("with its kernelspec cache on", () => gatewayCacheContract(program));
});
