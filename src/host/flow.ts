import { DataStatus, HeadersStatus, TrailersStatus } from "./abi.ts";
import type { Body } from "./context.ts";
import type { HeaderMap } from "./header-map.ts";

/** What a message passes through: a filter that may hold it. */
export interface Stage {
  headers(headers: HeaderMap, isEnd: boolean): number;
  body(body: Body, isEnd: boolean): number;
  trailers(trailers: HeaderMap): number;
  /** It lets go on what it does not hold. */
  onNotHeld(): void;
}

/** Where a message comes out. */
export interface Sink {
  headers(headers: HeaderMap, isEnd: boolean): void;
  /** Takes the bytes away. */
  body(body: Body, isEnd: boolean): void;
  trailers(trailers: HeaderMap): void;
}

/** What a flow asks the stream that it is a direction of. */
export interface FlowStream {
  /** What comes in counts no more: the message is answered, or gone. */
  isOver(): boolean;
  /** Filters have nothing to let go on any more. */
  isDone(): boolean;
  /** A callback has returned. @returns whether the message ends there, since it was answered */
  afterCallback(): boolean;
  /** More is held than the buffer's limit allows. */
  tooLarge(): void;
  readonly direction: Direction;
}

export type Direction = "request" | "response";

/** How a filter stands to the message. `stopped`: nothing passes it, though it is called; `stopped all`: it is not called either. */
class Station {
  readonly stage: Stage;
  held: "no" | "stopped" | "stopped all" = "no";
  hasPassedHeaders = false;
  isEnd = false;
  /** What it did not see while all was stopped, it sees when it goes on. */
  seesHeld = false;

  constructor(stage: Stage) {
    this.stage = stage;
  }
}

/** One direction of a stream through its filters: one half of Envoy's `FilterManager` (filter_manager.cc). */
export class Flow {
  /** Whether one of its callbacks runs. */
  isInCallback = false;
  /** What filters hold of the body. */
  buffered: Body | undefined;
  trailers: HeaderMap | undefined;
  private currentHeaders: HeaderMap | undefined;
  /** The end of the message has come in. */
  private isWhole = false;
  private isOut = false;
  /** The sender is told to wait when the buffer is full, so that it never overflows. */
  private isStreaming = false;
  private readonly stations: Station[];
  private readonly sink: Sink;
  private readonly stream: FlowStream;
  private readonly bufferLimit: number;

  /** @param bufferLimit bytes */
  constructor(stages: Stage[], sink: Sink, stream: FlowStream, bufferLimit: number) {
    this.stations = stages.map((stage) => new Station(stage));
    this.sink = sink;
    this.stream = stream;
    this.bufferLimit = bufferLimit;
  }

  get hasBegun(): boolean {
    return this.currentHeaders !== undefined;
  }

  get isDone(): boolean {
    return this.stream.isDone();
  }

  get isHeld(): boolean {
    return this.stations.some(({ held }) => held !== "no");
  }

  sendHeaders(headers: HeaderMap, isEnd: boolean): void {
    this.currentHeaders = headers;
    this.isWhole = isEnd;
    this.headersFrom(0, isEnd);
  }

  sendBody(body: Body, isEnd: boolean): void {
    this.isWhole = isEnd;
    this.bodyFrom(0, body, isEnd);
  }

  sendTrailers(trailers: HeaderMap): void {
    this.isWhole = true;
    this.trailers = trailers;
    this.trailersFrom(0);
  }

  /** `commonContinue`. @param at the filter's place */
  resume(at: number): void {
    const station = this.stations[at]!;
    if (this.isDone) return;
    if (station.held === "no" && (!station.hasPassedHeaders || this.trailers)) station.stage.onNotHeld();
    if (station.held === "stopped all") station.seesHeld = true;
    station.held = "no";
    if (!station.hasPassedHeaders) {
      station.hasPassedHeaders = true;
      this.headersFrom(at + 1, this.isWhole && !this.buffered && !this.trailers);
    }
    const hadTrailers = this.trailers !== undefined;
    const next = station.seesHeld ? at : at + 1;
    if (this.buffered) this.bodyFrom(next, this.buffered, this.isWhole && !hadTrailers);
    if (hadTrailers) this.trailersFrom(next);
    station.seesHeld = false;
  }

  /** `commonHandleBufferData`: what is buffered already stays as it is. */
  buffer(body: Body): void {
    if (this.buffered === body) return;
    this.buffered ??= { bytes: "", isMutable: true };
    this.buffered.bytes += body.bytes;
    body.bytes = "";
    if (!this.isStreaming && this.buffered.bytes.length > this.bufferLimit) this.stream.tooLarge();
  }

  private headersFrom(at: number, isEnd: boolean): void {
    const headers = this.currentHeaders!;
    for (const station of this.stations.slice(at)) {
      station.isEnd = isEnd;
      const status = this.call(() => station.stage.headers(headers, isEnd));
      if (this.stream.afterCallback() || status === HeadersStatus.StopIteration) station.held = "stopped";
      else if (status === HeadersStatus.Continue) station.hasPassedHeaders = true;
      else station.held = "stopped all";
      if (status === HeadersStatus.StopAllIterationAndWatermark) this.isStreaming = true;
      if (station.held !== "no") return;
    }
    this.isOut ||= isEnd;
    this.sink.headers(headers, isEnd);
  }

  private bodyFrom(at: number, body: Body, isEnd: boolean): void {
    if (this.stream.isOver()) return;
    const hadTrailers = this.trailers !== undefined;
    /** Filters at the end of the body may make trailers. */
    let trailersMadeAt: number | undefined;
    let isHeld = false;
    for (const [i, station] of [...this.stations.entries()].slice(at)) {
      if (station.held === "stopped all") return this.buffer(body);
      if (station.isEnd) return;
      station.isEnd = isEnd && !this.trailers;
      const wasOut = this.isOut;
      const status = this.call(() => station.stage.body(body, station.isEnd));
      const isAborted = this.stream.afterCallback();
      if (this.stream.direction === "response" && !isAborted) this.checkPassing(station, wasOut, status);
      if (!hadTrailers && this.trailers) trailersMadeAt ??= i;
      if (!this.takeBody(i, isAborted ? DataStatus.StopIterationNoBuffer : status, body)) {
        // Trailers that a filter made go on even where it holds the request's body.
        if (isAborted || this.stream.direction === "response") return;
        isHeld = true;
        break;
      }
    }
    if (!isHeld && !this.isOut) {
      this.isOut = isEnd && !this.trailers;
      this.sink.body(body, this.isOut);
    }
    if (trailersMadeAt !== undefined) {
      this.trailersFrom(this.stations[trailersMadeAt]!.seesHeld ? trailersMadeAt : trailersMadeAt + 1);
    }
  }

  /** `commonHandleAfterDataCallback`. @returns whether the body goes on from here */
  private takeBody(at: number, status: number, body: Body): boolean {
    const station = this.stations[at]!;
    if (status === DataStatus.Continue) {
      if (station.held === "no") return true;
      this.buffer(body);
      this.resume(at);
      return false;
    }
    station.held = "stopped";
    if (status !== DataStatus.StopIterationNoBuffer) {
      this.isStreaming = status === DataStatus.StopIterationAndWatermark;
      this.buffer(body);
    } else if (this.isWhole && !this.trailers) {
      // An end that came without bytes must not get lost.
      this.buffered ??= { bytes: "", isMutable: true };
    }
    return false;
  }

  private trailersFrom(at: number): void {
    if (this.stream.isOver()) return;
    const trailers = this.trailers!;
    for (const [i, station] of [...this.stations.entries()].slice(at)) {
      if (station.held === "stopped all") return;
      const wasOut = this.isOut;
      const status = this.call(() => station.stage.trailers(trailers));
      this.checkPassing(station, wasOut, status);
      station.isEnd = true;
      if (this.stream.afterCallback() || status === TrailersStatus.StopIteration) {
        if (station.held === "no") station.held = "stopped";
        return;
      }
      if (station.held !== "no") return this.resume(i);
    }
    this.isOut = true;
    this.sink.trailers(trailers);
  }

  /** A filter that lets the end go on in a callback, and answers that it goes on, makes it pass twice. */
  private checkPassing({ stage }: Station, wasOut: boolean, status: number): void {
    const isGone = this.stream.direction === "response" && this.stream.isOver();
    if (((!wasOut && this.isOut) || isGone) && status === 0) stage.onNotHeld();
  }

  private call(callback: () => number): number {
    const before = this.isInCallback;
    this.isInCallback = true;
    try {
      return callback();
    } finally {
      this.isInCallback = before;
    }
  }
}
