import { Buffer } from "filterwright/assembly/runtime/buffer";
import { BufferTypeValues, HeaderMapTypeValues } from "filterwright/assembly/runtime/enums";
import { HeaderStreamManipulator } from "filterwright/assembly/runtime/header-map";

/** The header maps of one kind that callbacks have. */
export class HeaderMapManipulator {
  constructor(
    /** Only in the request's callback of that kind. */
    readonly request: HeaderStreamManipulator,
    /** Only in the response's. */
    readonly response: HeaderStreamManipulator,
    /** Only in the callback of an HTTP call. */
    readonly http_callback: HeaderStreamManipulator,
    /** Only in the callbacks of a gRPC call: its initial, or its trailing metadata. */
    readonly grpc: HeaderStreamManipulator,
  ) {}
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

/** What the callback at hand can see and change. */
export class StreamContext {
  readonly headers: HeaderMapManipulator = new HeaderMapManipulator(
    new HeaderStreamManipulator(HeaderMapTypeValues.RequestHeaders),
    new HeaderStreamManipulator(HeaderMapTypeValues.ResponseHeaders),
    new HeaderStreamManipulator(HeaderMapTypeValues.HttpCallResponseHeaders),
    new HeaderStreamManipulator(HeaderMapTypeValues.GrpcReceiveInitialMetadata),
  );
  readonly trailers: HeaderMapManipulator = new HeaderMapManipulator(
    new HeaderStreamManipulator(HeaderMapTypeValues.RequestTrailers),
    new HeaderStreamManipulator(HeaderMapTypeValues.ResponseTrailers),
    new HeaderStreamManipulator(HeaderMapTypeValues.HttpCallResponseTrailers),
    new HeaderStreamManipulator(HeaderMapTypeValues.GrpcReceiveTrailingMetadata),
  );
  readonly body: BodyManipulator = new BodyManipulator();
}

export const stream_context: StreamContext = new StreamContext();
