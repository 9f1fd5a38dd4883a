import { Environment, Interpreter, parse, tokenize } from "@huggingface/jinja";
import type { Ordered, OrderedMap } from "../list/helm-order.ts";
import { isMap } from "../list/initialized.ts";

/** KubeSpawner's own template of the form, as its wheel has it. */
export interface FormTemplate {
  /** `templates/form.html`: Jinja. */
  readonly form: string;
  /** `templates/style.css`, which the template includes. */
  readonly style: string;
}

const INCLUDE = /\{%-?\s*include\s+'style\.css'\s*-?%\}/;

/**
 * KubeSpawner's template with a list of profiles, as KubeSpawner renders it for somebody who has not started a server
 * yet: without escaping, so that HTML in a description is HTML.
 * @param list as {@link initialized} completes it
 */
export function renderTemplate({ form, style }: FormTemplate, list: readonly OrderedMap[]): string {
  const environment = new Environment();
  environment.set("profile_list", list.map(asTemplateSees));
  environment.set("user_options", {});
  environment.set("style_css", withoutLastNewline(style));
  const template = withoutLastNewline(form).replace(INCLUDE, () => "{{ style_css }}");
  return String(new Interpreter(environment).run(parse(tokenize(template))).value);
}

/** Jinja drops one newline at the end of a template. */
const withoutLastNewline = (text: string) => text.replace(/\n$/, "");

/**
 * A profile for the interpreter. What the template walks through with `items()` has a function of that name: a key
 * `items` hides the interpreter's own, and its objects don't keep the order of keys that are numbers.
 */
function asTemplateSees(profile: OrderedMap): Record<string, unknown> {
  const options = profile.get("profile_options");
  return { ...shallow(profile), ...(isMap(options) ? { profile_options: walked(options, optionSees) } : {}) };
}

function optionSees(option: Ordered): unknown {
  if (!isMap(option)) return option;
  const choices = option.get("choices");
  return { ...deep(option), choices: walked(isMap(choices) ? choices : new Map(), deep) };
}

function walked(map: OrderedMap, each: (value: Ordered) => unknown): Record<string, unknown> {
  const pairs = [...map].map(([key, value]) => [key, each(value)]);
  return pairs.length === 0 ? {} : { items: () => pairs };
}

const shallow = (map: OrderedMap): Record<string, unknown> =>
  Object.fromEntries([...map].filter(([, value]) => !(value instanceof Object)));

const deep = (value: Ordered): Record<string, unknown> =>
  isMap(value)
    ? Object.fromEntries([...value].map(([key, inner]) => [key, isMap(inner) ? deep(inner) : inner]))
    : {};
