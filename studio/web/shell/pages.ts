import { BookIcon, type Icon, ListUnorderedIcon, PackageIcon, ServerIcon } from "@primer/octicons-react";
import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import { strings } from "../strings.ts";
import type { PageProps } from "./page-props.ts";

/** A page of the studio. */
interface StudioPage {
  /** The first part of its path, below which it may have addresses of its own. */
  readonly path: string;
  readonly title: string;
  readonly icon: Icon;
  /** Loaded when it is opened. It gets the rest of the path. */
  readonly Content: LazyExoticComponent<ComponentType<PageProps>>;
}

/** The pages in the order of the navigation; the first is the one that the studio opens with. */
export const PAGES: readonly StudioPage[] = [
  {
    path: "profiles",
    title: strings.profiles.title,
    icon: ListUnorderedIcon,
    Content: lazy(() => import("../pages/profiles/profiles-page.tsx")),
  },
  {
    path: "images",
    title: strings.images.title,
    icon: PackageIcon,
    Content: lazy(() => import("../pages/images/images-page.tsx")),
  },
  {
    path: "articles",
    title: strings.articles.title,
    icon: BookIcon,
    Content: lazy(() => import("../pages/articles/articles-page.tsx")),
  },
  {
    path: "map",
    title: strings.map.title,
    icon: ServerIcon,
    Content: lazy(() => import("../pages/map/map-page.tsx")),
  },
];
