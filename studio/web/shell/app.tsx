import { Suspense, useEffect } from "react";
import { Link, RouterProvider } from "react-aria-components";
import { sessionSchema } from "../../api/session.ts";
import { ChangesBar } from "../save/changes-bar.tsx";
import { strings } from "../strings.ts";
import { ColourChoice } from "./colours.tsx";
import { FailureBoundary } from "./failure.tsx";
import { navigate, usePath } from "./location.ts";
import { PAGES } from "./pages.ts";
import { useData } from "./use-data.ts";
import { Loading } from "./whole-page.tsx";

/** The frame of every page: navigation, who is signed in, and the page that the address names. */
export function App() {
  const path = usePath() || PAGES[0]?.path || "";
  const [first = "", ...rest] = path.split("/");
  const page = PAGES.find((one) => one.path === first);
  useEffect(() => {
    document.title = `${page?.title ?? strings.notFound.title} · ${strings.title}`;
  }, [page]);
  return (
    <RouterProvider navigate={navigate} useHref={(href) => new URL(href, document.baseURI).pathname}>
      {/* The base of relative addresses is the studio's, so that #content alone would lead away. */}
      <a className="skip" href={`${location.pathname}#content`}>
        {strings.skip}
      </a>
      <header className="bar">
        <p className="brand">{strings.title}</p>
        <nav aria-label={strings.pages}>
          <ul>
            {PAGES.map(({ path: to, title, icon: Icon }) => (
              <li key={to}>
                <Link href={to} {...(to === page?.path && { "aria-current": "page" })}>
                  <Icon /> {title}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        <SignedIn />
        <ColourChoice />
      </header>
      <main id="content" tabIndex={-1}>
        <FailureBoundary key={page?.path}>
          <Suspense fallback={<Loading />}>
            {page ? <page.Content rest={rest.join("/")} /> : <NotFound />}
          </Suspense>
        </FailureBoundary>
      </main>
      <ChangesBar />
    </RouterProvider>
  );
}

function SignedIn() {
  const [session] = useData("session", sessionSchema);
  if (session.state !== "ready") return <p className="who" />;
  const { person, repository } = session.data;
  return (
    <p className="who">
      <strong>{repository}</strong>
      <span>{strings.signedIn(person.name)}</span>
    </p>
  );
}

const NotFound = () => (
  <header className="page-head">
    <h1>{strings.notFound.title}</h1>
    <p className="lead">{strings.notFound.text}</p>
  </header>
);
