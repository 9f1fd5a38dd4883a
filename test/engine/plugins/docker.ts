import { standInBuilds } from "../../../sandbox/services/registry/builds.ts";
import { serveAsPlugin } from "./provider-server.ts";
import { registryImages } from "./registry-images.ts";

/**
 * A stand-in for the plugin of the Docker package, which no package registry serves: images are made as
 * the sandbox makes them, no Dockerfile is run, and pushed to the registry at LECTERN_REGISTRY.
 */
const url = process.env["LECTERN_REGISTRY"];
if (!url) throw new Error("LECTERN_REGISTRY names no registry to push images to");
serveAsPlugin("docker", standInBuilds(registryImages(url)));
