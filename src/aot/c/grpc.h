// What gRPC adds to an HTTP call.

#ifndef FILTERWRIGHT_GRPC_H_
#define FILTERWRIGHT_GRPC_H_

#include "abi.h"
#include "headers.h"
#include "pairs.h"

/** Of a frame: whether the message is compressed, and its size. https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md */
#define GRPC_FRAME_HEAD 5

/** Whom a call goes to: `envoy.config.core.v3.GrpcService`, or a cluster's name, which it is if it is no such message. */
typedef struct {
  bool is_named;
  bytes cluster, authority;
  /** Bytes of the largest message that may come; 0 for any. */
  uint32_t max_message;
  /** `initial_metadata`, of which we take as many lines as the ABI has in a list. */
  envoy_header metadata[MAX_PAIRS];
  size_t metadata_count;
} grpc_target;

/** Its texts are those of the bytes. @returns OK, or what the host call answers */
result grpc_target_read(bytes, grpc_target*);

#endif
