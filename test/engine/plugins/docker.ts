import { standInBuilds } from "../../../sandbox/services/registry/builds.ts";
import { pushedImages } from "../../../sandbox/services/registry/pushed-images.ts";
import { serveAsPlugin } from "./provider-server.ts";

/**
 * A stand-in for the plugin of the Docker package, which no package registry serves: images are made as
 * the sandbox makes them, no Dockerfile is run, and pushed to the registry at LECTERN_REGISTRY.
 */
const url = process.env["LECTERN_REGISTRY"];
if (!url) throw new Error("LECTERN_REGISTRY names no registry to push images to");
serveAsPlugin("docker", standInBuilds(pushedImages(url)));
