import type { ByteString } from "./bytes.ts";
import type { Body } from "./context.ts";
import type { Sink } from "./flow.ts";
import type { HeaderMap } from "./header-map.ts";
import type { Pair } from "./pairs.ts";

/** A message as it came out at an end of the stream. */
export interface Message {
  headers: Pair[];
  body: ByteString;
  /** Undefined where none came. */
  trailers: Pair[] | undefined;
  isComplete: boolean;
}

/** Collects a message. */
export class Collector implements Sink {
  message: Message | undefined;
  private readonly accept: (headers: HeaderMap, isEnd: boolean) => boolean;
  private readonly onProgress: () => void;
  private readonly isOver: () => boolean;
  private isAccepted = false;

  /**
   * @param accept takes the headers before they are kept; false where nothing of the message goes on
   * @param isOver nothing more is to be kept
   */
  constructor(accept: (headers: HeaderMap, isEnd: boolean) => boolean, onProgress: () => void, isOver: () => boolean) {
    this.accept = accept;
    this.onProgress = onProgress;
    this.isOver = isOver;
  }

  headers(headers: HeaderMap, isEnd: boolean): void {
    this.isAccepted = this.accept(headers, isEnd);
    this.add({ headers: headers.pairs(), isComplete: isEnd });
  }

  body(chunk: Body, isEnd: boolean): void {
    this.add({ body: (this.message?.body ?? "") + chunk.bytes, isComplete: isEnd });
    chunk.bytes = "";
  }

  trailers(trailers: HeaderMap): void {
    this.add({ trailers: trailers.pairs(), isComplete: true });
  }

  private add(part: Partial<Message>): void {
    if (!this.isAccepted || this.isOver()) return;
    this.message = { headers: [], body: "", trailers: undefined, isComplete: false, ...this.message, ...part };
    this.onProgress();
  }
}
