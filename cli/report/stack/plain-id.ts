import { idOfLabel } from "../../../plan/label.ts";

/**
 * The ID of a thing as its resource's name has it: recommended images `campus/science` are the resource `campus-science`.
 * Others are the same.
 */
export const plainId = (id: string): string =>
  id.startsWith("images/") ? `images/${id.slice("images/".length).replace("/", "-")}` : id;

/** The same of what people call a resource, such as `Hub campus/prod`; undefined where it is part of no thing. */
export function plainIdOfLabel(label: string): string | undefined {
  const [kind = "", ...rest] = label.split(" ");
  const name = rest.join(" ");
  if (kind === "RecommendedImage") return `images/${name}`;
  // Its resource has the name of the cluster, and is called so.
  return kind === "Support" ? `support/${name.replace(/\/support$/, "")}` : idOfLabel(label);
}
