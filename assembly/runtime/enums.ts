// The values of the proxy-wasm ABI 0.2.1, under the names that @solo-io/proxy-runtime gave them. They are repeated
// here because importing that package's module would run its top-level code in every filter.

export enum LogLevelValues {
  trace,
  debug,
  info,
  warn,
  error,
  critical,
}

export enum FilterStatusValues {
  Continue = 0,
  StopIteration = 1,
}

export enum FilterHeadersStatusValues {
  Continue = 0,
  /** Holds the headers; Envoy holds the body too, unless `allow_on_headers_stop_iteration` is set. */
  StopIteration = 1,
  ContinueAndEndStream = 2,
  StopAllIterationAndBuffer = 3,
  StopAllIterationAndWatermark = 4,
}

export enum FilterMetadataStatusValues {
  Continue = 0,
}

export enum FilterTrailersStatusValues {
  Continue = 0,
  StopIteration = 1,
}

export enum FilterDataStatusValues {
  Continue = 0,
  /** Holds the body; the next callback sees all of it so far. */
  StopIterationAndBuffer = 1,
  StopIterationAndWatermark = 2,
  StopIterationNoBuffer = 3,
}

export enum GrpcStatusValues {
  Ok = 0,
  Canceled = 1,
  Unknown = 2,
  InvalidArgument = 3,
  DeadlineExceeded = 4,
  NotFound = 5,
  AlreadyExists = 6,
  PermissionDenied = 7,
  ResourceExhausted = 8,
  FailedPrecondition = 9,
  Aborted = 10,
  OutOfRange = 11,
  Unimplemented = 12,
  Internal = 13,
  Unavailable = 14,
  DataLoss = 15,
  Unauthenticated = 16,
  MaximumValid = 16,
  /** No gRPC status: a local response to a request that is not gRPC. */
  InvalidCode = -1,
}

export enum MetricTypeValues {
  Counter = 0,
  Gauge = 1,
  Histogram = 2,
}

export enum PeerTypeValues {
  Unknown = 0,
  Local = 1,
  Remote = 2,
}

/** What a host call answers. */
export enum WasmResultValues {
  Ok = 0,
  /** What was asked for is not there. */
  NotFound = 1,
  /** An argument is out of range, or this map, buffer or call is not to be had in this callback. */
  BadArgument = 2,
  SerializationFailure = 3,
  /** The host's answer is not in the form that the ABI gives it. */
  ParseFailure = 4,
  BadExpression = 5,
  InvalidMemoryAccess = 6,
  /** The queue is empty. */
  Empty = 7,
  /** Somebody else changed the shared data meanwhile. */
  CasMismatch = 8,
  ResultMismatch = 9,
  /** Also the answer to a host call that capability_restriction_config denies. */
  InternalFailure = 10,
  BrokenConnection = 11,
  Unimplemented = 12,
}

export enum HeaderMapTypeValues {
  RequestHeaders = 0,
  RequestTrailers = 1,
  ResponseHeaders = 2,
  ResponseTrailers = 3,
  GrpcReceiveInitialMetadata = 4,
  GrpcReceiveTrailingMetadata = 5,
  HttpCallResponseHeaders = 6,
  HttpCallResponseTrailers = 7,
  MAX = 7,
}

export enum BufferTypeValues {
  HttpRequestBody = 0,
  HttpResponseBody = 1,
  NetworkDownstreamData = 2,
  NetworkUpstreamData = 3,
  HttpCallResponseBody = 4,
  GrpcReceiveBuffer = 5,
  VmConfiguration = 6,
  PluginConfiguration = 7,
  CallData = 8,
  MAX = 8,
}

export enum BufferFlagsValues {
  EndOfStream = 1,
}

export enum StreamTypeValues {
  Request = 0,
  Response = 1,
  Downstream = 2,
  Upstream = 3,
  MAX = 3,
}
