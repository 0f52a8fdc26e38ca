// What case files can look at beside headers: trailers, the client's address, the clock, metrics, and calls of the filter.

export * from "filterwright/assembly/proxy";
import {
  Context,
  Counter,
  FilterHeadersStatusValues,
  FilterTrailersStatusValues,
  Gauge,
  LogLevelValues,
  getText,
  get_current_time_nanoseconds,
  log,
  registerContext,
  stream_context,
} from "filterwright/assembly";

class Features extends Context {
  onRequestHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const headers = stream_context.headers.request;
    headers.add("x-source", getText("source.address"));
    headers.add("x-seconds", (get_current_time_nanoseconds() / 1_000_000_000).toString());
    new Counter("case.requests").increment(2);
    new Gauge("case.level").set(<u64>headers.get("x-level").length);
    log(LogLevelValues.warn, "seen");
    return FilterHeadersStatusValues.Continue;
  }

  onRequestTrailers(count: u32): FilterTrailersStatusValues {
    stream_context.trailers.request.add("x-request-trailer", "added");
    stream_context.trailers.request.remove("x-gone");
    return FilterTrailersStatusValues.Continue;
  }

  onResponseTrailers(count: u32): FilterTrailersStatusValues {
    stream_context.trailers.response.add("x-response-trailer", "added");
    return FilterTrailersStatusValues.Continue;
  }
}

registerContext((context_id, root_context) => new Features(context_id, root_context), "case-features");
