import type { Problem } from "../../components/problem/problem.ts";
import type { DeploymentPlan } from "../deployment/deployment-plan.ts";
import type { NotPreviewed } from "./not-previewed.ts";
import type { NotebookDifference } from "./notebook/notebook-difference.ts";
import type { StackView } from "./preview/stack-view.ts";

/** A stack whose preview gave no plan. */
export interface FailedPreview {
  readonly stack: string;
  readonly environment: string;
  /** Why, one sentence without a full stop. */
  readonly failure: string;
}

/** What base and head of the catalog tell beside the previews. */
export interface CatalogDifferences {
  /** Titles and display names by ID: `course/bell-states`. */
  readonly titles: ReadonlyMap<string, string>;
  /** The notebooks that differ, by the ID of their article. */
  readonly notebooks: ReadonlyMap<string, readonly LessonDifference[]>;
  /** The images that kernels name, by the ID of the kernel. */
  readonly images: ReadonlyMap<string, { readonly before?: string; readonly after?: string }>;
}

/** A notebook of an article that differs. */
export interface LessonDifference {
  /** `chapter 2 'Two qubits'` */
  readonly label: string;
  readonly change: "added" | "removed" | "changed";
  /** Where both sides can be read. */
  readonly cells?: NotebookDifference;
}

/** Everything that a comment is composed of. */
export interface CommentInput {
  readonly planned?: DeploymentPlan;
  readonly previews: readonly StackView[];
  readonly failed: readonly FailedPreview[];
  /** What is wrong with the catalog, files relative to the repository; undefined where nobody looked. */
  readonly problems?: readonly Problem[];
  readonly differences?: CatalogDifferences;
  /** False for a pull request of a fork: there are no previews, and the comment says why. */
  readonly credentials: boolean;
  /** Why there is no preview with credentials. */
  readonly notPreviewed?: NotPreviewed;
  readonly commit?: string;
  readonly links: { readonly run?: string; readonly artifact?: string };
}
