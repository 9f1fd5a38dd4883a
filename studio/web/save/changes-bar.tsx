import { lazy, Suspense } from "react";
import { useKeptDraft } from "../draft/use-draft.ts";

const SaveBar = lazy(() => import("./save-bar.tsx"));

/** The bar with which changes are proposed; it is there, and loaded, where there are some. */
export function ChangesBar() {
  const { edits } = useKeptDraft();
  return edits.length === 0 ? null : (
    <Suspense fallback={null}>
      <SaveBar />
    </Suspense>
  );
}
