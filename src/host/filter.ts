import { DataStatus, HeadersStatus, TrailersStatus } from "./abi.ts";
import type { StreamInfo } from "./attributes.ts";
import type { ByteString } from "./bytes.ts";
import type { Body, LocalReply } from "./context.ts";
import type { Direction, Flow, Stage } from "./flow.ts";
import type { HeaderMap } from "./header-map.ts";
import type { PluginContext } from "./plugin-context.ts";
import type { Attribute } from "./property.ts";
import { type Chain, StreamContext } from "./stream-context.ts";
import { undefinedInEnvoy } from "./undefined.ts";

/** What the stream does for its filters. */
export interface FilterStream {
  readonly request: Flow;
  readonly response: Flow;
  readonly isEnded: boolean;
  close(): void;
  reset(): void;
  sendLocalReply(reply: LocalReply): void;
  attribute(name: ByteString): Attribute | undefined;
  readonly filterState: Map<ByteString, ByteString>;
  info(now: bigint): StreamInfo;
  setTrailers(direction: Direction, trailers: HeaderMap): void;
}

/** One plugin on one stream. */
export class Filter implements Chain {
  readonly context: StreamContext;
  readonly request: Stage;
  readonly response: Stage;
  private readonly stream: FilterStream;
  private readonly place: { request: number; response: number };
  private hasFailed = false;

  /** @param place of it in either flow */
  constructor(plugin: PluginContext, stream: FilterStream, place: { request: number; response: number }) {
    this.stream = stream;
    this.place = place;
    this.context = new StreamContext(plugin, this);
    this.request = this.stage("request");
    this.response = this.stage("response");
  }

  get isOver(): boolean {
    return this.stream.isEnded;
  }

  continue(direction: Direction): void {
    const flow = this.stream[direction];
    if (flow.isDone) return;
    if (this.isOver) undefinedInEnvoy("a stream that is over is continued");
    if (!flow.hasBegun) undefinedInEnvoy(`a ${direction} that has not come is continued`);
    flow.resume(this.place[direction]);
  }

  buffered(direction: Direction): Body | undefined {
    return this.stream[direction].buffered;
  }

  buffer(direction: Direction, body: Body): void {
    this.stream[direction].buffer(body);
  }

  makeTrailers(direction: Direction, trailers: HeaderMap): void {
    this.stream.setTrailers(direction, trailers);
  }

  close(): void {
    this.stream.close();
  }

  reset(): void {
    if (this.isOver) undefinedInEnvoy("a stream that is over is closed");
    this.stream.reset();
  }

  sendLocalReply(localReply: LocalReply): void {
    if (this.isOver) undefinedInEnvoy("a stream that is over is answered");
    this.stream.sendLocalReply(localReply);
  }

  attribute(name: ByteString): Attribute | undefined {
    return this.stream.attribute(name);
  }

  get filterState(): Map<ByteString, ByteString> {
    return this.stream.filterState;
  }

  get info(): StreamInfo {
    return this.stream.info(this.context.vm.services.now());
  }

  /** A stream whose VM has failed is answered with 503: `CHECK_FAIL_HTTP`. So is one whose plugin fails open; only new ones pass it. */
  fail(): void {
    if (this.hasFailed) return;
    this.hasFailed = true;
    this.stream.sendLocalReply({
      status: 503,
      details: "wasm_fail_stream",
      body: "",
      headers: [],
      grpcStatus: 14,
    });
  }

  private stage(direction: Direction): Stage {
    const { context } = this;
    const check = (call: () => number, closed: number): number => {
      // A response does not reach a filter whose request did not, or that has failed.
      if (direction === "response" && (!context.isCreated || this.hasFailed)) return 0;
      const status = context.vm.failure ? closed : call();
      if (!context.vm.failure) return status;
      this.fail();
      return closed;
    };
    return {
      headers: (headers, isEnd) =>
        check(() => context.onHeaders(direction, headers, isEnd), HeadersStatus.StopAllIterationAndWatermark),
      body: (body, isEnd) => check(() => context.onBody(direction, body, isEnd), DataStatus.StopIterationNoBuffer),
      trailers: (trailers) => check(() => context.onTrailers(direction, trailers), TrailersStatus.StopIteration),
      onNotHeld: () => undefinedInEnvoy(`a ${direction} that is not held is continued, so that parts of it pass twice`),
    };
  }
}
