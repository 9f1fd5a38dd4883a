import { gatewayContract } from "./gateway-contract.ts";
import { findEnterpriseGateway, requireService } from "./require.ts";

requireService("a Jupyter Enterprise Gateway", findEnterpriseGateway, (program) => gatewayContract(program));
