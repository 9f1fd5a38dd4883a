import { Button, Label, ListBox, ListBoxItem, Popover, Select, SelectValue } from "react-aria-components";
import { navigate } from "../../shell/location.ts";
import { strings } from "../../strings.ts";

const text = strings.profiles;

/** Which cluster a page is about. */
export function ClusterChoice(props: {
  /** The page's path. */
  readonly page: string;
  readonly names: readonly string[];
  readonly chosen: string;
}) {
  const { page, names, chosen } = props;
  return (
    <Select className="choice" value={chosen} onChange={(name) => navigate(`${page}/${String(name)}`)}>
      <Label>{text.clusters}</Label>
      <Button className="button">
        <SelectValue />
      </Button>
      <Popover className="popover">
        <ListBox className="menu">
          {names.map((name) => (
            <ListBoxItem key={name} id={name} className="menu-item">
              {name}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}
