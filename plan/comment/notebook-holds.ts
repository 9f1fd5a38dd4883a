import type { CommentInput } from "./comment-input.ts";
import { nameOfId } from "./named-thing.ts";
import type { HeldByNotebook } from "./preview/notices.ts";
import type { List } from "./text/document.ts";
import { code, inert } from "./text/inert.ts";
import { environmentName } from "./text/wording.ts";

/** Kernels and aliases that keep their images because of a notebook: where it fails, why, and what to do. */
export function notebookHolds({ previews, differences }: CommentInput): List {
  const items = previews.flatMap(({ environment, proofs }) =>
    proofs.map((proof) => `- ⏸ ${holdText(proof, differences)} (${environmentName(environment)})`),
  );
  const intro = [
    `**Held by a notebook: ${keptBy(previews)}.** Fix the notebook, or let the image through with \`lectern:override\` and the key in parentheses`,
    "",
  ];
  return {
    intro: items.length === 0 ? [] : intro,
    items,
    most: 20,
    more: (count) => `- … and ${count} more`,
  };
}

/** What the holds of previews keep. */
function keptBy(previews: CommentInput["previews"]): string {
  const ids = previews.flatMap(({ proofs }) => proofs.map(({ id }) => id));
  const isAlias = (id: string) => id.startsWith("images/");
  if (!ids.some(isAlias)) return "the kernel keeps its image";
  return ids.every(isAlias)
    ? "the alias stays where it is"
    : "a kernel keeps its image, and an alias stays where it is";
}

function holdText(proof: HeldByNotebook, catalog: CommentInput["differences"]): string {
  const { id, course, notebook, cell, error, image, more } = proof;
  const place = `${code(notebook)}${cell === undefined ? "" : `, cell ${cell}`}`;
  const why = [
    ...(error === "" ? [] : [code(error)]),
    `on ${code(image)}`,
    ...(more === "" ? [] : [inert(more)]),
  ];
  return `${nameOfId(id, catalog)} (${code(id)}): ${nameOfId(course, catalog)}, ${place}: ${why.join("; ")}`;
}
