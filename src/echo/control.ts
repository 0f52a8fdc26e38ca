import { FilterwrightError } from "../errors.ts";
import { type Answer, asciiJson, type ReceivedRequest } from "./exchange.ts";

/** Tells an echo upstream, in this process or in a container, what to answer, and asks what it received. */
export class EchoControl {
  private readonly url: string;

  /** @param url such as `http://127.0.0.1:10081` */
  constructor(url: string) {
    this.url = url;
  }

  /** From now on this is the answer, and what was received before is forgotten. */
  async answer(answer: Answer): Promise<void> {
    await this.send("PUT", "/answer", asciiJson(answer));
  }

  /** Back to answering with what was received. */
  async reset(): Promise<void> {
    await this.send("DELETE", "/answer");
  }

  /** The requests that came since the answer was set. */
  async received(): Promise<ReceivedRequest[]> {
    return (await this.send("GET", "/received")) as ReceivedRequest[];
  }

  private async send(method: string, path: string, body?: string): Promise<unknown> {
    try {
      const response = await fetch(this.url + path, {
        method,
        ...(body !== undefined && { body }),
        signal: AbortSignal.timeout(5000),
      });
      if (response.ok) return await response.json();
      throw new Error(`it answers ${response.status}`);
    } catch (cause) {
      throw new FilterwrightError(
        "FW_NO_ANSWER",
        `the echo upstream's control at ${this.url} cannot be used: ${reason(cause)}`,
        {
          hint: "Start it: npm run echo",
          cause,
        },
      );
    }
  }
}

function reason(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? cause.message : message;
}
