import type * as pulumi from "@pulumi/pulumi";
import { defineResource } from "../../resource/define-resource.ts";
import { hubHealthContract } from "./hub-health-contract.ts";

const Health = defineResource(hubHealthContract, ["healthy", "change", "checked", "since", "lastHealthy"]);

/** The check of a hub after each change of its release. */
export class HubHealth extends Health {
  /** @param inputs `deployment` must be a secret */
  constructor(
    name: string,
    inputs: ConstructorParameters<typeof Health>[1],
    options: pulumi.CustomResourceOptions = {},
  ) {
    super(name, inputs, { ...options, additionalSecretOutputs: ["lastHealthy"] });
  }
}
