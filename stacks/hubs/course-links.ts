import type {
  ClusterDeclaration,
  Environment,
} from "../../components/cluster/declaration/cluster-declaration.ts";
import { urlOf } from "../../components/hub/hub-address.ts";
import { pullLink } from "../../components/hub/pull-link.ts";
import { type Catalog, wholeOf } from "../catalog.ts";
import type { StackConfig } from "../config.ts";
import type { CourseLinksOutput } from "../outputs/outputs.ts";

/**
 * The links that open a course on a hub, by course and hub; none where the configuration does not say where the hubs
 * get the notebooks from.
 * @param environments those whose hubs the stack deploys
 */
export function courseLinks(
  catalog: Catalog,
  declared: readonly ClusterDeclaration[],
  environments: readonly Environment[],
  { courseRepository, catalog: folder }: Pick<StackConfig, "courseRepository" | "catalog">,
): Readonly<Record<string, CourseLinksOutput>> {
  if (!courseRepository) return {};
  const { url, branch, folder: inRepository = folder } = courseRepository;
  const hubs = declared
    .flatMap((cluster) => cluster.hubs)
    .filter(({ environment, retire }) => environments.includes(environment) && !retire)
    .flatMap((hub) => {
      const address = urlOf(hub);
      return address === undefined ? [] : [{ id: hub.id, address }];
    });
  if (hubs.length === 0) return {};
  return Object.fromEntries(
    wholeOf(catalog).courses.map(({ name }) => {
      const source = { url, branch, path: `${inRepository}/courses/${name}` };
      return [
        `course/${name}`,
        Object.fromEntries(hubs.map(({ id, address }) => [id, pullLink(address, source)])),
      ];
    }),
  );
}
