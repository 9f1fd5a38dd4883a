import "./articles.css";
import { CheckCircleIcon, ChevronRightIcon } from "@primer/octicons-react";
import { useState } from "react";
import { Button, Disclosure, DisclosurePanel, Link, Switch } from "react-aria-components";
import { type ArticleEntry, type Articles, articlesSchema } from "../../../api/articles.ts";
import type { PageProps } from "../../shell/page-props.ts";
import { ProblemList } from "../../shell/problem-list.tsx";
import { useData } from "../../shell/use-data.ts";
import { WholePage } from "../../shell/whole-page.tsx";
import { strings } from "../../strings.ts";
import { ArticleView } from "./article-view.tsx";
import { DeployedChips } from "./deployed-chips.tsx";

const text = strings.articles;

/** Every article of the catalog with its problems, or the one that the address names. */
export default function ArticlesPage({ rest }: PageProps) {
  return rest === "" ? <AllArticles /> : <ArticleView key={rest} name={rest} />;
}

function AllArticles() {
  const [loaded, reload] = useData("articles", articlesSchema);
  return (
    <WholePage title={text.title} lead={text.lead} loaded={loaded} reload={reload}>
      {(data) => <ArticleList {...data} />}
    </WholePage>
  );
}

function ArticleList({ articles, notes }: Articles) {
  const [only, setOnly] = useState(false);
  const concerned = articles.filter(({ problems }) => problems.length > 0);
  const shown = only ? concerned : articles;
  const empty = articles.length === 0 ? text.none : text.noneWithProblems;
  return (
    <>
      <div className="toolbar">
        <p role="status">{text.summary(articles.length, concerned.length)}</p>
        <Switch className="switch" isSelected={only} onChange={setOnly}>
          <span className="switch-track" /> {text.only}
        </Switch>
      </div>
      {notes.map((note) => (
        <p key={note} className="note">{`${note}.`}</p>
      ))}
      {shown.length === 0 ? <p className="empty">{empty}</p> : null}
      <ul className="cards">
        {shown.map((article) => (
          <li key={`${article.kind}/${article.slug}`} className="card">
            <ArticleCard {...article} />
          </li>
        ))}
      </ul>
    </>
  );
}

function ArticleCard({ kind, slug, title, problems, deployed }: ArticleEntry) {
  const name = title ?? text.untitled(slug);
  const head = (
    <>
      <h2>
        <Link href={`articles/${kind}/${encodeURIComponent(slug)}`}>{name}</Link>
      </h2>
      <span className="facts">
        {text[kind]} <code>{slug}</code>
      </span>
      <DeployedChips deployed={deployed} />
    </>
  );
  if (problems.length === 0) {
    return (
      <div className="row">
        {head}
        <span className="state">
          <CheckCircleIcon className="good" aria-hidden /> {text.noProblems}
        </span>
      </div>
    );
  }
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const counts = strings.problems.counts(errors, problems.length - errors);
  return (
    <Disclosure className="disclosure">
      <div className="row">
        {head}
        <Button
          slot="trigger"
          className={`problems-button state ${errors > 0 ? "bad" : "doubtful"}`}
          aria-label={text.problemsOf(counts, name)}
        >
          {counts} <ChevronRightIcon className="turn" aria-hidden />
        </Button>
      </div>
      <DisclosurePanel>
        <ProblemList problems={problems} />
      </DisclosurePanel>
    </Disclosure>
  );
}
