import { describe } from "vitest";
import { gatewayContract } from "./gateway-contract.ts";

describe("with the sandbox's stand-in", () => gatewayContract(false));
