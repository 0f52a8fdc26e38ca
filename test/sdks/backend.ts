import type { Answer, Message, Request } from "./upstream.ts";

/** What came of a request. */
export interface Exchange {
  /** Null where the stream was reset. */
  client: Message | null;
  /** Undefined where it got none. */
  upstream: Message | undefined;
  /** Level and text of the lines that the module logged meanwhile. */
  log: string[];
}

/** Something that runs a module. */
export interface Backend {
  /** Loads the module anew, with this configuration. @throws FilterwrightError with what the module logged as its detail */
  configure(configuration: string): Promise<void>;
  exchange(request: Request, answer: Answer): Promise<Exchange>;
  /** Counters and gauges; of histograms, how many values were recorded. */
  metrics(): Promise<Record<string, number>>;
  /** Lets time pass. */
  wait(milliseconds: number): Promise<void>;
  /** Ends the plugin. @returns what it logged */
  end(): Promise<string[]>;
  /** Seconds since 1970. */
  now(): number;
  close(): Promise<void>;
}
