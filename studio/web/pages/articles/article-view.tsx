import { ChevronLeftIcon, ChevronRightIcon } from "@primer/octicons-react";
import { useState } from "react";
import { Button, Disclosure, DisclosurePanel, Heading, Link } from "react-aria-components";
import { type OneArticle, oneArticleSchema } from "../../../api/articles.ts";
import { ProblemList } from "../../shell/problem-list.tsx";
import { useData } from "../../shell/use-data.ts";
import { WholePage } from "../../shell/whole-page.tsx";
import { strings } from "../../strings.ts";
import { DeployedList } from "./deployed-chips.tsx";
import { DeployedDifference } from "./deployed-difference.tsx";
import { SealedFrame } from "./sealed-frame.tsx";

const text = strings.articles;
type Lesson = OneArticle["lessons"][number];

/** One article: its problems, what is deployed of it, and its notebooks. @param name such as `course/bell-states` */
export function ArticleView({ name }: { readonly name: string }) {
  const path = `articles/${name.split("/").map(encodeURIComponent).join("/")}`;
  const [loaded, reload] = useData(path, oneArticleSchema);
  const data = loaded.state === "ready" ? loaded.data : undefined;
  return (
    <>
      <Link href="articles" className="back">
        <ChevronLeftIcon aria-hidden /> {text.all}
      </Link>
      <WholePage
        title={data?.title ?? name}
        {...(data?.description !== undefined && { lead: data.description })}
        loaded={loaded}
        reload={reload}
      >
        {(article) => <Article article={article} path={path} />}
      </WholePage>
    </>
  );
}

function Article({ article, path }: { readonly article: OneArticle; readonly path: string }) {
  const { problems, deployed, lessons } = article;
  return (
    <>
      <section className="part">
        <h2>{text.problems}</h2>
        {problems.length === 0 ? (
          <p className="lead">{text.noProblems}.</p>
        ) : (
          <ProblemList problems={problems} />
        )}
      </section>
      <section className="part">
        <h2>{text.deployed.title}</h2>
        <DeployedList deployed={deployed} />
        {deployed
          .filter(({ state }) => state === "differs")
          .map(({ stack }) => (
            <DeployedDifference key={stack} path={path} stack={stack} />
          ))}
      </section>
      <section className="part">
        <h2>{text.content}</h2>
        {lessons.length === 0 ? <p className="lead">{text.noContent}</p> : null}
        {lessons.map((lesson, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the index is the lesson's address
          <LessonCard key={index} lesson={lesson} frame={`api/${path}/notebook/${index}`} />
        ))}
      </section>
    </>
  );
}

/** A chapter or a section, whose notebook is loaded when it is opened. */
function LessonCard({ lesson, frame }: { readonly lesson: Lesson; readonly frame: string }) {
  const { title, level, notebook } = lesson;
  const [isOpen, setOpen] = useState(false);
  if (notebook === undefined) {
    return <p className={`card lesson ${level}`}>{text.noNotebook(title)}</p>;
  }
  return (
    <Disclosure className={`card disclosure lesson ${level}`} isExpanded={isOpen} onExpandedChange={setOpen}>
      <Heading level={3}>
        <Button slot="trigger" className="row trigger">
          <ChevronRightIcon className="turn" aria-hidden />
          <span>{title || notebook}</span>
          <span className="facts">
            <code>{notebook}</code>
          </span>
        </Button>
      </Heading>
      <DisclosurePanel>
        {isOpen ? <SealedFrame title={text.notebookOf(title || notebook)} source={frame} /> : null}
      </DisclosurePanel>
    </Disclosure>
  );
}
