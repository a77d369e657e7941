{{- define "orleansauth.labels" -}}
app.kubernetes.io/name: orleansauth
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
{{- end }}

{{- define "orleansauth.selector" -}}
app.kubernetes.io/name: orleansauth
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "orleansauth.settings" -}}
- name: Storage__ConnectionString
  valueFrom:
    secretKeyRef: {name: {{ .Values.existingSecret }}, key: connectionString}
- name: Secrets__MasterKey
  valueFrom:
    secretKeyRef: {name: {{ .Values.existingSecret }}, key: masterKey}
- name: Silo__ClusterId
  value: {{ .Values.clusterId | quote }}
{{- range $name, $value := .Values.settings }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}

{{- define "orleansauth.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1654
runAsGroup: 1654
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "orleansauth.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end }}

{{- define "orleansauth.probes" -}}
startupProbe:
  httpGet: {path: /health/live, port: health}
  periodSeconds: 1
  failureThreshold: 60
livenessProbe:
  httpGet: {path: /health/live, port: health}
  periodSeconds: 5
  timeoutSeconds: 3
  failureThreshold: 6
readinessProbe:
  httpGet: {path: /health/ready, port: health}
  periodSeconds: 2
  timeoutSeconds: 3
  failureThreshold: 1
{{- end }}
