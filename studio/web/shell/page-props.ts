/** What a page gets. */
export interface PageProps {
  /** What follows the page's own path, without a slash before it: `campus`. */
  readonly rest: string;
}
