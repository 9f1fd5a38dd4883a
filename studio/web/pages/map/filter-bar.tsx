import type { ReactNode } from "react";
import { Input, Label, SearchField } from "react-aria-components";
import { replaceQuery, useQuery } from "../../shell/location.ts";
import { strings } from "../../strings.ts";

const text = strings.map;

/** What is asked of the map, as the address has it: `?kind=hub&state=held`. */
export function useFilter() {
  const query = useQuery();
  const filter = Object.fromEntries(
    ["text", "kind", "stack", "state"].map((key) => [key, query.get(key) ?? ""]),
  ) as Readonly<Record<"text" | "kind" | "stack" | "state", string>>;
  const ask = (key: string, value: string) => {
    if (value === "") query.delete(key);
    else query.set(key, value);
    replaceQuery(query);
  };
  return [filter, ask] as const;
}

/** A choice of the filter. */
export interface Choice {
  readonly key: "kind" | "stack" | "state";
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

/** A text and choices, and how much they leave. */
export function FilterBar(props: { readonly choices: readonly Choice[]; readonly found: ReactNode }) {
  const [filter, ask] = useFilter();
  return (
    <search className="map-filters">
      <SearchField className="map-field" value={filter.text} onChange={(value) => ask("text", value)}>
        <Label>{text.find}</Label>
        <Input className="map-input" placeholder={text.findHint} />
      </SearchField>
      {props.choices.map(({ key, label, options }) => (
        <label key={key} className="map-field">
          <span>{label}</span>
          <select className="map-input" value={filter[key]} onChange={({ target }) => ask(key, target.value)}>
            <option value="">{text.all}</option>
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
        </label>
      ))}
      <p role="status" className="map-found">
        {props.found}
      </p>
    </search>
  );
}
