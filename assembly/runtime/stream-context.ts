import { Buffer } from "filterwright/assembly/runtime/buffer";
import { BufferTypeValues, HeaderMapTypeValues } from "filterwright/assembly/runtime/enums";
import { HeaderStreamManipulator } from "filterwright/assembly/runtime/header-map";

/** The header maps of one kind that callbacks have. */
export class HeaderMapManipulator {
  /** Only in the request's callback of that kind. */
  readonly request: HeaderStreamManipulator;
  /** Only in the response's. */
  readonly response: HeaderStreamManipulator;
  /** Only in the callback of an HTTP call. */
  readonly http_callback: HeaderStreamManipulator;
  /** Only in the callbacks of a gRPC call: its initial, or its trailing metadata. */
  readonly grpc: HeaderStreamManipulator;

  constructor(
    request: HeaderMapTypeValues,
    response: HeaderMapTypeValues,
    http_callback: HeaderMapTypeValues,
    grpc: HeaderMapTypeValues,
  ) {
    this.request = new HeaderStreamManipulator(request);
    this.response = new HeaderStreamManipulator(response);
    this.http_callback = new HeaderStreamManipulator(http_callback);
    this.grpc = new HeaderStreamManipulator(grpc);
  }
}

/** The bodies that callbacks have. */
export class BodyManipulator {
  readonly request: Buffer = new Buffer(BufferTypeValues.HttpRequestBody);
  readonly response: Buffer = new Buffer(BufferTypeValues.HttpResponseBody);
  readonly http_callback: Buffer = new Buffer(BufferTypeValues.HttpCallResponseBody);
  readonly grpc: Buffer = new Buffer(BufferTypeValues.GrpcReceiveBuffer);
  /** Of a TCP connection. */
  readonly downstream: Buffer = new Buffer(BufferTypeValues.NetworkDownstreamData);
  readonly upstream: Buffer = new Buffer(BufferTypeValues.NetworkUpstreamData);
}

// Lazy: a module has only those that it uses.

// @ts-ignore: decorator
@lazy
const headers: HeaderMapManipulator = new HeaderMapManipulator(
  HeaderMapTypeValues.RequestHeaders,
  HeaderMapTypeValues.ResponseHeaders,
  HeaderMapTypeValues.HttpCallResponseHeaders,
  HeaderMapTypeValues.GrpcReceiveInitialMetadata,
);

// @ts-ignore: decorator
@lazy
const trailers: HeaderMapManipulator = new HeaderMapManipulator(
  HeaderMapTypeValues.RequestTrailers,
  HeaderMapTypeValues.ResponseTrailers,
  HeaderMapTypeValues.HttpCallResponseTrailers,
  HeaderMapTypeValues.GrpcReceiveTrailingMetadata,
);

// @ts-ignore: decorator
@lazy
const body: BodyManipulator = new BodyManipulator();

/** What the callback at hand can see and change. */
export class StreamContext {
  get headers(): HeaderMapManipulator {
    return headers;
  }

  get trailers(): HeaderMapManipulator {
    return trailers;
  }

  get body(): BodyManipulator {
    return body;
  }
}

export const stream_context: StreamContext = new StreamContext();
