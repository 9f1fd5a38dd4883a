import { isOnHost } from "./embed-hosts.ts";
import type { ActiveFinding } from "./html/html-active.ts";

/** How the output of a library that teaching notebooks use is told: by its own code, and what its buttons call. */
interface LibraryOutput {
  readonly library: string;
  readonly code: RegExp;
  readonly handler?: RegExp;
}

const LIBRARIES: readonly LibraryOutput[] = [
  {
    library: "Plotly",
    code: /(?:\b|_)Plotly\.(?:newPlot|react|addFrames|Plots)\b|\bwindow\.PLOTLYENV\b|\bwindow\.PlotlyConfig\b|\bplotly\.js v\d|require(?:\.undef)?\(\[?["']plotly["']\]?[),]/,
  },
  {
    library: "Bokeh, HoloViews and Panel",
    code: /\b_bokeh_(?:onload|is_loading|failed_load|timeout)|\bBokeh\.(?:embed|safely|index|set_log_level|loader)\b|\bbokehjs\b|\bHoloViews\b/,
  },
  {
    library: "Google Colab",
    code: /\bgoogle\.colab\b|\bcolab-df-|^\s*download\("download_[0-9a-f-]{36}"|Copyright \d{4} Google LLC/,
    handler: /^(?:convertToInteractive|quickchart|generateWithVariable)\(/,
  },
  {
    library: "Matplotlib",
    code: /\bfunction Animation\(frames\b|\bnew Animation\(frames\b|\bglobal mpl namespace\b|\bmpl\.figure\b|\bmpld3\b/,
    handler: /^anim(?:[0-9a-f]{32}|[A-Z]{16})\.\w+\(/,
  },
  {
    library: "MathJax, as styles of whole notebooks and Plotly set it up",
    code: /^\s*(?:if\s*\(window\.MathJax\)\s*\{?\s*)?MathJax\.Hub\.Config\(/,
  },
  { library: "Vega and Altair", code: /\bvegaEmbed\b|\bVEGA_DEBUG\b/ },
  { library: "Folium", code: /\bL_(?:NO_TOUCH|DISABLE_3D)\b|\bL\.map\(/ },
  { library: "ipywidgets", code: /@jupyter-widgets\b|\bjupyter-widgets-controls\b/ },
  { library: "py3Dmol", code: /\b3dmolviewer_|\$3Dmol\b/ },
  { library: "vis-network and pyvis", code: /\bnew vis\.Network\(/ },
  { library: "TensorBoard", code: /\btensorboard-frame-/ },
  {
    library: "Cirq",
    code: /\b(?:bloch_sphere|circuit)\.bundle\.js\b|\bcreateBlochSphere\b|\bcreateGridCircuit\b|\brender(?:BlochSphere|Circuit)\b/,
  },
  {
    library: "SHAP",
    code: /\bSHAP\.(?:SHAPJS|Additive|Simple)|\bIML\.ReactDom\b|\bwindow\.(?:SHAP|IML)=|\b(?:onMouse\w+Flat|selectVizType|colors)_[a-z]{20}\b/,
    handler:
      /^(?:(?:onMouse\w+Flat|selectVizType|selectAlignment)_[a-z]{20}\(this|document\.getElementById\('_(?:tp|fs|fb)_[a-z]{20}_ind_\d+'\)\.style\.|if \(this\.previousSibling\.style\.display == 'none'\) \{this\.previousSibling\.style\.display = 'block';)/,
  },
  { library: "IQ#, for Q#", code: /\bdocument\.getElementById\("round-[0-9a-f-]{36}"\)\.innerHTML/ },
  { library: "pyLDAvis", code: /\bLDAvis(?:_load_lib)?\b/ },
  { library: "itables", code: /\bitables\b|\bITable\b/ },
  {
    library: ".NET Interactive",
    code: /\bdotnet-interactive\b|\bdni-plaintext\b|\bgetDotnetInteractiveScope\b|\bquerySelector\('#page_\d{15,20}'\)|\bloadMermaid_[0-9a-f]{32}\b|\brenderSandDance/,
    handler: /^var allRows = document\.querySelectorAll\('#table_\d{15,20} /,
  },
  { library: "Mermaid", code: /\bmermaid\.(?:mermaidAPI\.)?(?:render|init|initialize|run)\(/ },
  { library: "JupyterQuiz", code: /\bshow_questions\(|\bcreateFlashcards\(/ },
  {
    library: "scikit-learn",
    code: /\bsk-(?:toggleable|estimator)|\bsk-container-id-/,
    handler: /^copyToClipboard\('[\w.-]*',\s*this\b/,
  },
  {
    library: "Weights & Biases",
    code: /\bwandb\.ai\b/,
    handler: /^this\.nextSibling\.style\.display='block';this\.style\.display='none';$/,
  },
];

/** Where such libraries load their own code and styles from. */
const LIBRARY_HOSTS = [
  "cdn.plot.ly",
  "cdn.bokeh.org",
  "cdn.holoviz.org",
  "cdn.pydata.org",
  "cdn.jsdelivr.net",
  "cdnjs.cloudflare.com",
  "unpkg.com",
  "code.jquery.com",
  "d3js.org",
  "3dmol.org",
  "3dmol.csb.pitt.edu",
  "bootstrapcdn.com",
  "fontawesome.com",
  "fonts.googleapis.com",
  "gstatic.com",
];

/** Where pyLDAvis had its styles before its present host. */
const EARLIER_STYLES = /^(?:https?:)?\/\/cdn\.rawgit\.com\/bmabey\/pyLDAvis\//;

/**
 * Whether something active in the output of a cell is there because a library that teaching notebooks use draws
 * with it. Only for outputs: a person who writes Markdown has no need of such code.
 */
export function isOfLibrary({ kind, content }: ActiveFinding): boolean {
  if (kind === "handler") return LIBRARIES.some(({ handler }) => handler?.test(content));
  if (kind === "style sheet") return isOnHost(content, LIBRARY_HOSTS) || EARLIER_STYLES.test(content);
  if (kind === "document") return LIBRARIES.some(({ code }) => code.test(content));
  if (kind !== "script") return false;
  return isOnHost(content, LIBRARY_HOSTS) || LIBRARIES.some(({ code }) => code.test(content));
}
