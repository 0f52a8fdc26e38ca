/** What is kept of a stream from its request to its response. Only plans that need it have it. */
export class StreamState {
  /** A bit for each rule: it matched on the request side. */
  matched: u64 = 0;
}
