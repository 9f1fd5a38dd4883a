import { notebookHtml } from "../../../../components/article/rendering/notebook.ts";
import { escaped } from "../../../../components/html.ts";
import type { Status, StoredArticle, StoredLesson } from "../articles.ts";
import type { Page } from "./layout.ts";

/** An article as a reader sees it: its chapters with their notebooks. */
export function articlePage(article: StoredArticle, status: Status): Page {
  const { data, kind, lessons, failure, revision } = article;
  return {
    title: data.courseName,
    version: articleVersion(article, status),
    main: () => `<h1>${escaped(data.courseName)}</h1>
<p class="note">${escaped(kind)} · ${status} · revision ${revision}</p>
<p class="lead">${escaped(data.courseDescription)}</p>
${failure ? `<p class="failure">${escaped(failure)}</p>` : ""}
<nav aria-label="Contents">${contents(lessons)}</nav>
${lessons.map((lesson, index) => lessonHtml(article.customId, lesson, index)).join("\n")}`,
  };
}

/** The list of everything that the stand-in has. */
export function indexPage(articles: readonly (readonly [StoredArticle, Status])[]): Page {
  const item = ({ customId, data, kind }: StoredArticle) =>
    `<li><a href="/learn/${encodeURIComponent(customId)}">${escaped(data.courseName)}</a> (${escaped(kind)})</li>`;
  const list = () => `<ul>${articles.map(([article]) => item(article)).join("\n")}</ul>`;
  return {
    title: "Articles on the stand-in for qBook",
    version: articles.map(([article, status]) => articleVersion(article, status)).join(", "),
    main: () => `<h1>Articles</h1>\n${articles.length > 0 ? list() : "<p>No article yet.</p>"}`,
  };
}

/** What is not there; it may come. */
export const missingPage = (what: "article" | "image"): Page => ({
  title: "Not found",
  version: "",
  main: () => `<h1>Not found</h1>\n<p>The stand-in has no such ${what}.</p>`,
});

const articleVersion = ({ customId, revision }: StoredArticle, status: Status) =>
  `${customId} ${revision} ${status}`;

/** Sections are below their chapter. */
function contents(lessons: readonly StoredLesson[]): string {
  const links = lessons.map(({ title, level }, index) => ({
    level,
    link: `<a href="#lesson-${index}">${escaped(title)}</a>`,
  }));
  const chapters: { link: string; sections: string[] }[] = [];
  for (const { level, link } of links) {
    if (level === "section") chapters.at(-1)?.sections.push(`<li>${link}</li>`);
    else chapters.push({ link, sections: [] });
  }
  const items = chapters.map(
    ({ link, sections }) => `<li>${link}${sections.length > 0 ? `<ol>${sections.join("")}</ol>` : ""}</li>`,
  );
  return `<ol>${items.join("")}</ol>`;
}

function lessonHtml(customId: string, lesson: StoredLesson, index: number): string {
  const { title: heading, level: kind, path, notebook } = lesson;
  const level = kind === "chapter" ? 2 : 3;
  const files = `/files/${encodeURIComponent(customId)}/`;
  return `<section class="lesson" id="lesson-${index}" aria-labelledby="heading-${index}">
<h${level} id="heading-${index}">${escaped(heading)}</h${level}>
${notebookHtml(notebook, { files, level, heading, path })}
</section>`;
}
