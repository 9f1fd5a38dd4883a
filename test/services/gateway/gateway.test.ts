import { describe } from "vitest";
import { findEnterpriseGateway, requireService } from "../require.ts";
import { gatewayAdoptionContract } from "./gateway-adoption-contract.ts";
import { gatewayCacheContract } from "./gateway-cache-contract.ts";
import { gatewayContract } from "./gateway-contract.ts";
import { gatewayKillContract } from "./gateway-kill-contract.ts";
import { gatewayOwnershipContract } from "./gateway-ownership-contract.ts";
import { gatewayRestartContract } from "./gateway-restart-contract.ts";
import { gatewayTrialContract } from "./gateway-trial-contract.ts";

requireService("a Jupyter Enterprise Gateway", findEnterpriseGateway, (program) => {
  describe("kernels", () => gatewayContract(program));
  describe("trials", () => gatewayTrialContract(program));
  describe("restarts", () => gatewayRestartContract(program));
  describe("owners", () => gatewayOwnershipContract(program));
  describe("adoption", () => gatewayAdoptionContract(program));
  describe("killed", () => gatewayKillContract(program));
  describe("with its kernelspec cache on", () => gatewayCacheContract(program));
});
