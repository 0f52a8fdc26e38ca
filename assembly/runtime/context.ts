import {
  FilterDataStatusValues,
  FilterHeadersStatusValues,
  FilterMetadataStatusValues,
  FilterStatusValues,
  FilterTrailersStatusValues,
  PeerTypeValues,
  WasmResultValues,
} from "filterwright/assembly/runtime/enums";
import { RootContext } from "filterwright/assembly/runtime/root-context";
import { continue_request, proxy_set_effective_context } from "filterwright/assembly/runtime/stream";

// The callbacks that a filter overrides. `filterwright build` leaves out of a module those that no class overrides.

/** What plugins and streams have in common. */
export abstract class BaseContext {
  context_id: u32;

  constructor(context_id_: u32) {
    this.context_id = context_id_;
  }

  continueRequest(): void {
    continue_request();
  }

  /** The stream is complete, or the plugin is to end. False defers the end of a plugin until it calls `done()`. */
  onDone(): bool {
    return true;
  }

  /** Access logging: for a stream when it is complete; for a plugin where it is an access logger. */
  onLog(): void {}

  /** Nothing more will come. */
  onDelete(): void {}
}

/** One HTTP stream, or one TCP connection. Envoy makes one for each, through the plugin's `createContext`. */
export class Context extends BaseContext {
  root_context: RootContext;

  constructor(context_id_: u32, root_context: RootContext) {
    super(context_id_);
    this.root_context = root_context;
  }

  /** Only plugins make contexts; here it stands for filters that the published SDK let have it. */
  createContext(): Context {
    return this;
  }

  onNewConnection(): FilterStatusValues {
    return FilterStatusValues.Continue;
  }

  onDownstreamData(size: usize, end: bool): FilterStatusValues {
    return FilterStatusValues.Continue;
  }

  onUpstreamData(size: usize, end: bool): FilterStatusValues {
    return FilterStatusValues.Continue;
  }

  onDownstreamConnectionClose(t: PeerTypeValues): void {}

  onUpstreamConnectionClose(t: PeerTypeValues): void {}

  /** @param a how many headers there are @param end_of_stream true where no body and no trailers follow */
  onRequestHeaders(a: u32, end_of_stream: bool): FilterHeadersStatusValues {
    return FilterHeadersStatusValues.Continue;
  }

  onRequestMetadata(a: u32): FilterMetadataStatusValues {
    return FilterMetadataStatusValues.Continue;
  }

  /** @param body_buffer_length bytes that are there now: of this chunk, or of all that was held */
  onRequestBody(body_buffer_length: usize, end_of_stream: bool): FilterDataStatusValues {
    return FilterDataStatusValues.Continue;
  }

  onRequestTrailers(a: u32): FilterTrailersStatusValues {
    return FilterTrailersStatusValues.Continue;
  }

  onResponseHeaders(a: u32, end_of_stream: bool): FilterHeadersStatusValues {
    return FilterHeadersStatusValues.Continue;
  }

  onResponseMetadata(a: u32): FilterMetadataStatusValues {
    return FilterMetadataStatusValues.Continue;
  }

  onResponseBody(body_buffer_length: usize, end_of_stream: bool): FilterDataStatusValues {
    return FilterDataStatusValues.Continue;
  }

  onResponseTrailers(s: u32): FilterTrailersStatusValues {
    return FilterTrailersStatusValues.Continue;
  }

  /** Makes host calls act on this stream until the callback returns. */
  setEffectiveContext(): WasmResultValues {
    return proxy_set_effective_context(this.context_id);
  }
}
