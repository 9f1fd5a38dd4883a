import { afterEach, describe } from "vitest";
import { RegistryClient } from "../../../components/image/registry/registry-client.ts";
import { registriesOf } from "../../../components/image/registry/registry-config.ts";
import { artifactStore } from "../../../components/proof/store/artifact-store.ts";
import { proofStoreContract } from "../../../components/proof/store/testing/proof-store-contract.ts";
import { systemClock } from "../../../components/resource/context/clock.ts";
import { seedIndex } from "../../../sandbox/services/registry/image.ts";
import { pushedImages } from "../../../sandbox/services/registry/pushed-images.ts";
import { type DockerRegistry, startDockerRegistry } from "../registry/docker-registry.ts";
import { findDockerRegistry, requireService } from "../require.ts";

requireService("a Docker registry (docker-registry)", findDockerRegistry, (program) => {
  let registry: DockerRegistry | undefined;
  afterEach(async () => {
    await registry?.stop();
    registry = undefined;
  });

  describe("proofs of notebooks", () =>
    proofStoreContract(async () => {
      registry = await startDockerRegistry(program);
      const { host } = registry;
      return {
        open: () =>
          artifactStore(new RegistryClient({ fetch, clock: systemClock }, registriesOf({ registries: {} }))),
        image: async (name) => {
          const { digest } = await seedIndex(pushedImages(`http://${host}`), "course/lab", { content: name });
          return `${host}/course/lab@${digest}`;
        },
      };
    }));
});
