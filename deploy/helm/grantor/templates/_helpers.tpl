{{- define "grantor.name" -}}
{{- if contains "grantor" .Release.Name }}{{ .Release.Name | trunc 50 | trimSuffix "-" }}{{ else }}{{ printf "%s-grantor" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "grantor.selector" -}}
app.kubernetes.io/name: grantor
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "grantor.labels" -}}
{{ include "grantor.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "grantor.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}

{{- /* The settings as a file. */}}
{{- define "grantor.toml" -}}
public_url = {{ required "publicUrl: where browsers and apps reach the server" .Values.publicUrl | quote }}
{{- range $name, $value := .Values.settings }}
{{ $name }} = {{ $value | toJson }}
{{- end }}
{{- range .Values.scopes }}

[[scopes]]
name = {{ .name | quote }}
description = {{ .description | quote }}
{{- end }}
{{- end }}

{{- /* What the server and the migration have in common. */}}
{{- define "grantor.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.imagePullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  fsGroup: 65532
  seccompProfile: {type: RuntimeDefault}
{{- with .Values.nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .Values.tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{- define "grantor.container" -}}
image: {{ include "grantor.image" . | quote }}
imagePullPolicy: {{ .Values.image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
resources: {{- toYaml .Values.resources | nindent 2 }}
{{- end }}

{{- define "grantor.secrets" -}}
{{- $secret := required "secret.name: a Secret with the database and the master key" .Values.secret.name -}}
- name: GRANTOR_DATABASE
  valueFrom: {secretKeyRef: {name: {{ $secret | quote }}, key: {{ .Values.secret.databaseKey | quote }}}}
- name: GRANTOR_MASTER_KEY
  valueFrom: {secretKeyRef: {name: {{ $secret | quote }}, key: {{ .Values.secret.masterKeyKey | quote }}}}
{{- end }}
