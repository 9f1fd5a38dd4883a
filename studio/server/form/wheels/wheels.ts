/** A package of PyPI whose files the form is made of, pinned to one file by its digest. */
export interface Wheel {
  readonly project: string;
  readonly version: string;
  readonly file: string;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** The bundle of the form and the element that it fills. */
export const FANCY_PROFILES = {
  project: "jupyterhub-fancy-profiles",
  version: "0.7.0",
  file: "jupyterhub_fancy_profiles-0.7.0-py3-none-any.whl",
  sha256: "342190a1f27dee93aa94abd9b5b467b81e13ed65904689f04cfacdb4d5b809b1",
  script: "jupyterhub_fancy_profiles/static/dist/form.js",
  form: "jupyterhub_fancy_profiles/templates/form.html",
} as const satisfies Wheel & Record<string, string>;

/** The template of the form. */
export const KUBESPAWNER = {
  project: "jupyterhub-kubespawner",
  version: "7.1.0",
  file: "jupyterhub_kubespawner-7.1.0-py3-none-any.whl",
  sha256: "6eba305dec99d3a9214ca0e8c564e33b5a72d55acb72b84c9bc85ebf456aea7c",
  form: "kubespawner/templates/form.html",
  style: "kubespawner/templates/style.css",
} as const satisfies Wheel & Record<string, string>;

const STATIC = "jupyterhub-5.5.4.data/data/share/jupyterhub/static";

/** What the page has around the form: its style sheet, with Bootstrap in it, and jQuery. */
export const JUPYTERHUB = {
  project: "jupyterhub",
  version: "5.5.4",
  file: "jupyterhub-5.5.4-py3-none-any.whl",
  sha256: "1d987cbe96390e1877ae37b33e0f2936cac72d3abff93496551c58c1df1f533d",
  style: `${STATIC}/css/style.min.css`,
  jquery: `${STATIC}/components/jquery/dist/jquery.min.js`,
} as const satisfies Wheel & Record<string, string>;
