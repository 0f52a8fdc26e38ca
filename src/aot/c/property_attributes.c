// What Envoy says of a stream in attributes of its own.
#include "property.h"

u string_attribute(const query* of, envoy_attribute id) {
  bytes value;
  return ENVOY_CALL(http_filter_get_attribute_string)(of->of->envoy, id, &value) ? give(of, value) : NOT_FOUND;
}

u number_attribute(const query* of, envoy_attribute id) {
  uint64_t value;
  return ENVOY_CALL(http_filter_get_attribute_int)(of->of->envoy, id, &value) ? give_number(of, (int64_t)value) : NOT_FOUND;
}

static u bool_attribute(const query* of, envoy_attribute id) {
  bool value;
  return ENVOY_CALL(http_filter_get_attribute_bool)(of->of->envoy, id, &value) ? give_bool(of, value) : NOT_FOUND;
}

typedef enum { STRING, NUMBER, BOOL } kind;
typedef struct {
  const char* name;
  envoy_attribute id;
  kind kind;
} attribute;

static const attribute connection_attributes[] = {
    {"id", ATTRIBUTE_CONNECTION_ID, NUMBER},
    {"mtls", ATTRIBUTE_CONNECTION_MTLS, BOOL},
    {"requested_server_name", ATTRIBUTE_CONNECTION_REQUESTED_SERVER_NAME, STRING},
    {"tls_version", ATTRIBUTE_CONNECTION_TLS_VERSION, STRING},
    {"subject_local_certificate", ATTRIBUTE_CONNECTION_SUBJECT_LOCAL_CERTIFICATE, STRING},
    {"subject_peer_certificate", ATTRIBUTE_CONNECTION_SUBJECT_PEER_CERTIFICATE, STRING},
    {"dns_san_local_certificate", ATTRIBUTE_CONNECTION_DNS_SAN_LOCAL_CERTIFICATE, STRING},
    {"dns_san_peer_certificate", ATTRIBUTE_CONNECTION_DNS_SAN_PEER_CERTIFICATE, STRING},
    {"uri_san_local_certificate", ATTRIBUTE_CONNECTION_URI_SAN_LOCAL_CERTIFICATE, STRING},
    {"uri_san_peer_certificate", ATTRIBUTE_CONNECTION_URI_SAN_PEER_CERTIFICATE, STRING},
    {"sha256_peer_certificate_digest", ATTRIBUTE_CONNECTION_SHA256_PEER_CERTIFICATE_DIGEST, STRING},
    {"transport_failure_reason", ATTRIBUTE_CONNECTION_TRANSPORT_FAILURE_REASON, STRING},
    {"termination_details", ATTRIBUTE_CONNECTION_TERMINATION_DETAILS, STRING},
    {NULL, 0, 0},
};
static const attribute source_attributes[] = {{"address", ATTRIBUTE_SOURCE_ADDRESS, STRING}, {"port", ATTRIBUTE_SOURCE_PORT, NUMBER}, {NULL, 0, 0}};
static const attribute destination_attributes[] = {
    {"address", ATTRIBUTE_DESTINATION_ADDRESS, STRING}, {"port", ATTRIBUTE_DESTINATION_PORT, NUMBER}, {NULL, 0, 0}};
static const attribute upstream_attributes[] = {
    {"address", ATTRIBUTE_UPSTREAM_ADDRESS, STRING},
    {"port", ATTRIBUTE_UPSTREAM_PORT, NUMBER},
    {"tls_version", ATTRIBUTE_UPSTREAM_TLS_VERSION, STRING},
    {"subject_local_certificate", ATTRIBUTE_UPSTREAM_SUBJECT_LOCAL_CERTIFICATE, STRING},
    {"subject_peer_certificate", ATTRIBUTE_UPSTREAM_SUBJECT_PEER_CERTIFICATE, STRING},
    {"dns_san_local_certificate", ATTRIBUTE_UPSTREAM_DNS_SAN_LOCAL_CERTIFICATE, STRING},
    {"dns_san_peer_certificate", ATTRIBUTE_UPSTREAM_DNS_SAN_PEER_CERTIFICATE, STRING},
    {"uri_san_local_certificate", ATTRIBUTE_UPSTREAM_URI_SAN_LOCAL_CERTIFICATE, STRING},
    {"uri_san_peer_certificate", ATTRIBUTE_UPSTREAM_URI_SAN_PEER_CERTIFICATE, STRING},
    {"sha256_peer_certificate_digest", ATTRIBUTE_UPSTREAM_SHA256_PEER_CERTIFICATE_DIGEST, STRING},
    {"local_address", ATTRIBUTE_UPSTREAM_LOCAL_ADDRESS, STRING},
    {"transport_failure_reason", ATTRIBUTE_UPSTREAM_TRANSPORT_FAILURE_REASON, STRING},
    {"request_attempt_count", ATTRIBUTE_UPSTREAM_REQUEST_ATTEMPT_COUNT, NUMBER},
    {"cx_pool_ready_duration", ATTRIBUTE_UPSTREAM_CX_POOL_READY_DURATION, NUMBER},
    {"locality", ATTRIBUTE_UPSTREAM_LOCALITY, STRING},
    {NULL, 0, 0},
};
static const attribute xds_attributes[] = {
    {"cluster_name", ATTRIBUTE_XDS_CLUSTER_NAME, STRING},
    {"listener_direction", ATTRIBUTE_XDS_LISTENER_DIRECTION, NUMBER},
    {"route_name", ATTRIBUTE_XDS_ROUTE_NAME, STRING},
    {"virtual_host_name", ATTRIBUTE_XDS_VIRTUAL_HOST_NAME, STRING},
    {"filter_chain_name", ATTRIBUTE_XDS_FILTER_CHAIN_NAME, STRING},
    {NULL, 0, 0},
};

static u of_table(const query* of, const attribute* table) {
  if (of->count == 1) return SERIALIZATION_FAILURE;
  if (of->count > 2) return NOT_FOUND;
  while (table->name != NULL && !is(of->parts[1], table->name)) table++;
  if (table->name == NULL) return NOT_FOUND;
  if (table->kind == STRING) return string_attribute(of, table->id);
  return table->kind == NUMBER ? number_attribute(of, table->id) : bool_attribute(of, table->id);
}

u source_property(const query* of) {
  return of_table(of, source_attributes);
}

u destination_property(const query* of) {
  return of_table(of, destination_attributes);
}

/** An empty text is no attribute to Envoy here, and to its Wasm engine one that says that nothing failed. */
u upstream_property(const query* of) {
  bytes address;
  u found = of_table(of, upstream_attributes);
  bool is_reason = of->count == 2 && is(of->parts[1], "transport_failure_reason");
  bool is_chosen = found == NOT_FOUND && is_reason &&
                   ENVOY_CALL(http_filter_get_attribute_string)(of->of->envoy, ATTRIBUTE_UPSTREAM_ADDRESS, &address);
  return is_chosen ? give(of, NO_BYTES) : found;
}

/** Of a connection without TLS, Envoy tells its Wasm engine that it has none, and a dynamic module nothing. */
u connection_property(const query* of) {
  u found = of_table(of, connection_attributes);
  if (found != NOT_FOUND || of->count != 2) return found;
  if (is(of->parts[1], "mtls")) return give_bool(of, false);
  return is(of->parts[1], "requested_server_name") ? give(of, NO_BYTES) : found;
}

u xds_property(const query* of) {
  if (of->count < 2) return SERIALIZATION_FAILURE;
  bytes part = of->parts[1];
  if (is(part, "route_metadata")) return metadata_property(of, METADATA_ROUTE, 2);
  if (is(part, "cluster_metadata")) return metadata_property(of, METADATA_CLUSTER, 2);
  if (is(part, "upstream_host_metadata")) return metadata_property(of, METADATA_HOST, 2);
  if (is(part, "upstream_host_locality_metadata")) return metadata_property(of, METADATA_HOST_LOCALITY, 2);
  return of_table(of, xds_attributes);
}
