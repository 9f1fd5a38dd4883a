// What programs of others build on: `lectern/components`.
export { Blog, Course } from "./article/article.ts";
export { Cluster } from "./cluster/cluster.ts";
export { ImagePrepuller } from "./cluster/prepull/image-prepuller.ts";
export { Support } from "./cluster/support.ts";
export { Hub } from "./hub/hub.ts";
export { RecommendedImage } from "./image/recommended-image.ts";
export { Gateway } from "./kernel/gateway.ts";
export { Kernel } from "./kernel/kernel.ts";
