{{/* The labels of an object; the argument is a list of the root and the component. */}}
{{- define "hub.labels" -}}
{{ include "hub.selector" . }}
app.kubernetes.io/managed-by: {{ (index . 0).Release.Service }}
helm.sh/chart: {{ (index . 0).Chart.Name }}-{{ (index . 0).Chart.Version }}
{{- end }}

{{/* The labels by which Deployments and Services find pods: they never change. */}}
{{- define "hub.selector" -}}
app: jupyterhub
release: {{ (index . 0).Release.Name }}
component: {{ index . 1 }}
{{- end }}

{{/* The cookie secret: the given one, else the one that the cluster has, else a random one; in base64. */}}
{{- define "hub.cookieSecret" -}}
{{- $kept := lookup "v1" "Secret" .Release.Namespace "hub" | default dict -}}
{{- $key := "hub.config.JupyterHub.cookie_secret" -}}
{{- if .Values.hub.cookieSecret -}}
{{ .Values.hub.cookieSecret | b64enc }}
{{- else if hasKey ($kept.data | default dict) $key -}}
{{ index $kept.data $key }}
{{- else -}}
{{ randAlphaNum 64 | lower | sha256sum | b64enc }}
{{- end -}}
{{- end }}
