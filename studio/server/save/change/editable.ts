import { posix } from "node:path";

const EDITABLE = /^clusters\/[^/\\]+\/(profiles|images)\.yaml$/;

/**
 * Whether the studio changes a file. Values files are not among them: what they may set is for whoever runs the cluster.
 * @param path from the catalog's folder
 */
export const isEditable = (path: string): boolean => path === posix.normalize(path) && EDITABLE.test(path);
