/**
 * What a `kubespawner_override` may set: the traits of KubeSpawner 7 with the values that each takes, read
 * from its source and JupyterHub's. A key that is not among them has no effect there, which KubeSpawner does
 * not report; a value of another kind fails every start.
 */
const TRAITS: Readonly<Record<TraitKind, string>> = {
  text: `
    component_label default_url dns_name_template hub_connect_ip image ip k8s_api_host k8s_api_ssl_ca_cert namespace
    notebook_dir options_form options_from_form pod_connect_ip pod_name_template priority_class_name profile_form_template public_hub_url
    public_url pvc_name_template secret_mount_path secret_name_template slow_spawn_message
    user_namespace_template
  `,
  "text or null": `
    hub_connect_url image_pull_policy scheduler_name service_account storage_capacity
    storage_class working_dir
  `,
  integer: `
    consecutive_failure_limit delete_grace_period http_timeout hub_connect_port
    k8s_api_request_retry_timeout k8s_api_request_timeout k8s_api_threadpool_workers poll_interval port
    slow_spawn_message_frequency slow_spawn_message_threshold start_timeout
  `,
  "integer or null": "fs_gid gid uid",
  "number from 0 to 1": "poll_jitter",
  "number or null": "cpu_guarantee cpu_limit",
  "bytes or null": "mem_guarantee mem_limit",
  boolean: `
    admin_access debug delete_pvc delete_stopped_pods disable_user_config enable_user_namespaces events_enabled
    handle_legacy_names privileged remember_pvc_name services_enabled ssl_alt_names_include_local
    storage_pvc_ensure
  `,
  "boolean or null": "allow_privilege_escalation automount_service_account_token k8s_api_verify_ssl",
  list: `
    oauth_client_allowed_scopes oauth_roles supplemental_gids
  `,
  "list of texts": "server_token_scopes ssl_alt_names",
  "text or list of texts": "args oauth_access_scopes",
  "text, list of texts or null": "cmd",
  "text or list": "additional_profile_form_template_paths env_keep image_pull_secrets storage_access_modes",
  object: `
    apply_user_options cert_paths common_labels container_security_context environment extra_annotations
    extra_container_config extra_labels extra_pod_config extra_resource_guarantees extra_resource_limits
    group_overrides lifecycle_hooks node_selector pod_security_context storage_extra_annotations
    storage_extra_labels storage_selector user_namespace_annotations user_namespace_labels
  `,
  "list or object": `
    extra_containers init_containers node_affinity_preferred node_affinity_required pod_affinity_preferred
    pod_affinity_required pod_anti_affinity_preferred pod_anti_affinity_required profile_list tolerations
    volume_mounts volumes
  `,
  "safe or escape": "slug_scheme",
  function: `
    after_pod_created_hook auth_state_hook get_pod_url modify_pod_hook post_stop_hook pre_spawn_hook
    progress_ready_hook
  `,
};

/** What a trait takes. A function is Python's: none can be written in a file. */
export type TraitKind =
  | "text"
  | "text or null"
  | "integer"
  | "integer or null"
  | "number from 0 to 1"
  | "number or null"
  | "bytes or null"
  | "boolean"
  | "boolean or null"
  | "list"
  | "list of texts"
  | "text or list of texts"
  | "text, list of texts or null"
  | "text or list"
  | "object"
  | "list or object"
  | "safe or escape"
  | "function";

/** Old names that it still takes, and what they are called now. */
export const RENAMED_TRAITS: ReadonlyMap<string, string> = new Map([["image_spec", "image"]]);

/** What each trait takes, by its name. */
export const KUBESPAWNER_TRAITS: ReadonlyMap<string, TraitKind> = new Map(
  Object.entries(TRAITS).flatMap(([kind, names]) =>
    names
      .trim()
      .split(/\s+/)
      .map((name) => [name, kind as TraitKind] as const),
  ),
);
