import "./map.css";
import { useMemo } from "react";
import { Link } from "react-aria-components";
import { type MapAnswer, mapAnswerSchema } from "../../../api/map.ts";
import type { PageProps } from "../../shell/page-props.ts";
import { useData } from "../../shell/use-data.ts";
import { WholePage } from "../../shell/whole-page.tsx";
import { strings } from "../../strings.ts";
import { HeldList } from "./held-list.tsx";
import { HistoryView } from "./history-view.tsx";
import { When } from "./parts.tsx";
import { StackList } from "./stack-list.tsx";
import { ThingsView } from "./things-view.tsx";

const text = strings.map;

/** What is deployed where, and the history of deployments. */
export default function MapPage({ rest }: PageProps) {
  const [loaded, reload] = useData("map", mapAnswerSchema);
  return (
    <WholePage title={text.title} lead={text.lead} loaded={loaded} reload={reload}>
      {(answer) =>
        answer.map.stacks.length === 0 ? <NoReport /> : <DeployedMap answer={answer} view={rest} />
      }
    </WholePage>
  );
}

function DeployedMap({ answer, view }: { readonly answer: MapAnswer; readonly view: string }) {
  const { map, sources } = answer;
  const isHistory = view === "history";
  const tabs = useMemo(
    () => [
      { to: "map", label: text.things, current: !isHistory },
      { to: "map/history", label: text.history, current: isHistory },
    ],
    [isHistory],
  );
  return (
    <>
      <div className="map-head">
        <nav aria-label={text.views} className="map-tabs">
          {tabs.map(({ to, label, current }) => (
            <Link
              key={to}
              href={to}
              className="map-tab"
              {...(current && { "aria-current": "page" as const })}
            >
              {label}
            </Link>
          ))}
        </nav>
        <p className="note">
          {text.asOf} <When at={map.made} /> · {text.from(sources)}
        </p>
      </div>
      {isHistory ? (
        <HistoryView map={map} />
      ) : (
        <ThingsView
          map={map}
          stacks={
            <>
              <StackList map={map} />
              <HeldList map={map} />
            </>
          }
        />
      )}
    </>
  );
}

const NoReport = () => (
  <div className="empty">
    <p>{text.none}</p>
    <p>
      <code>{text.command}</code>
    </p>
  </div>
);
