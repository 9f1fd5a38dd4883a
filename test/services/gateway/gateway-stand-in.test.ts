import { describe } from "vitest";
import { gatewayAdoptionContract } from "./gateway-adoption-contract.ts";
import { gatewayContract } from "./gateway-contract.ts";
import { gatewayKillContract } from "./gateway-kill-contract.ts";
import { gatewayOwnershipContract } from "./gateway-ownership-contract.ts";
import { gatewayRestartContract } from "./gateway-restart-contract.ts";
import { gatewayTrialContract } from "./gateway-trial-contract.ts";

describe("with the sandbox's stand-in", () => {
  describe("kernels", () => gatewayContract(false));
  describe("trials", () => gatewayTrialContract(false));
  describe("restarts", () => gatewayRestartContract(false));
  describe("owners", () => gatewayOwnershipContract(false));
  describe("adoption", () => gatewayAdoptionContract(false));
  describe("killed", () => gatewayKillContract(false));
});
