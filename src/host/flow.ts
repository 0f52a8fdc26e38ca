import { DataStatus, HeadersStatus, TrailersStatus } from "./abi.ts";
import type { ByteString } from "./bytes.ts";
import type { Body } from "./context.ts";
import type { HeaderMap } from "./header-map.ts";

/** What a message passes through: a filter that may hold it, then whatever comes next. */
export interface Stage {
  headers(headers: HeaderMap, isEnd: boolean): number;
  body(body: Body, isEnd: boolean): number;
  trailers(trailers: HeaderMap): number;
  /** More was held than the buffer's limit allows. */
  tooLarge(): void;
}

export interface Sink {
  headers(headers: HeaderMap, isEnd: boolean): void;
  body(bytes: ByteString, isEnd: boolean): void;
  trailers(trailers: HeaderMap): void;
}

/** One direction of a stream through one filter: Envoy's `ActiveStreamFilterBase` (filter_manager.cc). */
export class Flow implements Sink {
  /** Where the message goes from here. */
  next!: Sink;
  private readonly stage: Stage;
  private readonly bufferLimit: number;
  /** `one`: this filter's callbacks go on, nothing passes it. `all`: it is not called either. */
  private held: "no" | "one" | "all" = "no";
  private heldHeaders: HeaderMap | undefined;
  private hasPassedHeaders = false;
  private buffered: Body | undefined;
  /** The filter sees what is buffered with each chunk (StopIterationAndBuffer). */
  private isBuffering = false;
  /** The sender is told to wait when the buffer is full (a status with Watermark), so that it never overflows. */
  private isStreaming = false;
  private heldTrailers: HeaderMap | undefined;
  private isEnd = false;
  private isOver = false;

  /** @param bufferLimit bytes */
  constructor(stage: Stage, bufferLimit: number) {
    this.stage = stage;
    this.bufferLimit = bufferLimit;
  }

  get isHeld(): boolean {
    return this.held !== "no";
  }

  /** Nothing of it counts any more: it was answered or reset. */
  abandon(): void {
    this.isOver = true;
  }

  headers(headers: HeaderMap, isEnd: boolean): void {
    if (this.isOver) return;
    this.heldHeaders = headers;
    this.isEnd = isEnd;
    const status = this.stage.headers(headers, isEnd);
    if (this.isOver) return;
    if (status === HeadersStatus.Continue) return this.passHeaders(isEnd);
    this.held = status === HeadersStatus.StopIteration ? "one" : "all";
    this.isStreaming = status === HeadersStatus.StopAllIterationAndWatermark;
  }

  body(bytes: ByteString, isEnd: boolean): void {
    this.isEnd = isEnd;
    if (this.isOver) return;
    if (this.held === "all") this.buffer({ bytes, isMutable: true });
    else this.filterBody(bytes, isEnd);
  }

  trailers(trailers: HeaderMap): void {
    this.isEnd = true;
    this.heldTrailers = trailers;
    if (!this.isOver && this.held !== "all") this.filterTrailers(trailers);
  }

  /** Trailers that the filter made at the end of a body. */
  addTrailers(trailers: HeaderMap): void {
    this.heldTrailers = trailers;
  }

  /** `continueDecoding`, `continueEncoding`. */
  resume(): void {
    if (this.isOver || this.held === "no") return;
    const wasNotCalled = this.held === "all";
    this.held = "no";
    if (!this.hasPassedHeaders) this.passHeaders(this.isEnd && !this.buffered && !this.heldTrailers);
    const body = this.buffered;
    this.buffered = undefined;
    this.isBuffering = false;
    const isEnd = this.isEnd && !this.heldTrailers;
    if (body && wasNotCalled) this.filterBody(body.bytes, isEnd);
    else if (body) this.next.body(body.bytes, isEnd);
    if (this.heldTrailers && wasNotCalled) this.filterTrailers(this.heldTrailers);
    else if (this.heldTrailers) this.next.trailers(this.heldTrailers);
  }

  private filterBody(bytes: ByteString, isEnd: boolean): void {
    const wasBuffering = this.isBuffering;
    const body = { bytes, isMutable: true };
    if (wasBuffering) this.buffer(body);
    if (this.isOver) return;
    const status = this.stage.body(body, isEnd);
    this.isBuffering = status === DataStatus.StopIterationAndBuffer;
    if (this.isOver) return;
    if (status === DataStatus.Continue) {
      if (this.held === "one") {
        if (!wasBuffering) this.buffer(body);
        this.resume();
      } else {
        this.next.body(body.bytes, isEnd && !this.heldTrailers);
        if (isEnd && this.heldTrailers) this.next.trailers(this.heldTrailers);
      }
      return;
    }
    this.held = "one";
    this.isStreaming = status === DataStatus.StopIterationAndWatermark;
    if (status === DataStatus.StopIterationNoBuffer) {
      // An end that came without bytes must not get lost.
      if (isEnd && !this.buffered && bytes === "") this.buffer({ bytes: "", isMutable: true });
    } else if (!wasBuffering) {
      this.buffer(body);
    }
  }

  private filterTrailers(trailers: HeaderMap): void {
    const status = this.stage.trailers(trailers);
    if (this.isOver) return;
    if (status === TrailersStatus.StopIteration) this.held = "one";
    else if (this.held === "one") this.resume();
    else this.next.trailers(trailers);
  }

  private passHeaders(isEnd: boolean): void {
    this.hasPassedHeaders = true;
    this.next.headers(this.heldHeaders!, isEnd);
  }

  /** Puts it behind what is buffered, and in its place: whoever has the newest piece, as the filter has, has the whole. */
  private buffer(body: Body): void {
    body.bytes = (this.buffered?.bytes ?? "") + body.bytes;
    this.buffered = body;
    if (!this.isStreaming && body.bytes.length > this.bufferLimit) this.stage.tooLarge();
  }
}
