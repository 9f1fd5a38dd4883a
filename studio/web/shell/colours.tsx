import { useState } from "react";
import { Label, Radio, RadioGroup } from "react-aria-components";
import { strings } from "../strings.ts";

const CHOICES = ["system", "light", "dark"] as const;
type Choice = (typeof CHOICES)[number];
const KEPT = "lectern-studio-colours";

const kept = () => CHOICES.find((choice) => choice === localStorage.getItem(KEPT)) ?? "system";
const apply = (choice: Choice) => document.documentElement.setAttribute("data-colours", choice);
apply(kept());

/** Light, dark, or what the system says; kept in this browser. */
export function ColourChoice() {
  const [choice, setChoice] = useState<Choice>(kept);
  const choose = (value: string) => {
    const chosen = CHOICES.find((one) => one === value) ?? "system";
    localStorage.setItem(KEPT, chosen);
    apply(chosen);
    setChoice(chosen);
  };
  return (
    <RadioGroup className="segments" value={choice} onChange={choose} orientation="horizontal">
      <Label className="hidden">{strings.colours.label}</Label>
      {CHOICES.map((one) => (
        <Radio key={one} value={one} className="segment">
          {strings.colours[one]}
        </Radio>
      ))}
    </RadioGroup>
  );
}
