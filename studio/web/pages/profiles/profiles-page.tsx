import "./profiles.css";
import { clustersSchema } from "../../../api/clusters.ts";
import type { PageProps } from "../../shell/page-props.ts";
import { useData } from "../../shell/use-data.ts";
import { WholePage } from "../../shell/whole-page.tsx";
import { strings } from "../../strings.ts";
import { ClusterChoice } from "./cluster-choice.tsx";
import { Workbench } from "./workbench.tsx";

const text = strings.profiles;

/** The profiles of a cluster, which the address names: `profiles/campus`. */
export default function ProfilesPage({ rest }: PageProps) {
  const [loaded, reload] = useData("clusters", clustersSchema);
  return (
    <WholePage title={text.title} lead={text.lead} loaded={loaded} reload={reload}>
      {({ clusters }) => {
        const chosen =
          clusters.find(({ name }) => name === rest) ??
          clusters.find(({ hasProfiles }) => hasProfiles) ??
          clusters[0];
        if (chosen === undefined) return <p className="empty">{text.none}</p>;
        return (
          <>
            {clusters.length > 1 ? (
              <ClusterChoice page="profiles" names={clusters.map(({ name }) => name)} chosen={chosen.name} />
            ) : null}
            <Workbench key={chosen.name} cluster={chosen.name} />
          </>
        );
      }}
    </WholePage>
  );
}
