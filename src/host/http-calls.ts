import { BufferType, MapType, Result } from "./abi.ts";
import { type ByteString, expectBytes, expectPairs } from "./bytes.ts";
import { faultOf, reply, responseFromUpstream } from "./edge.ts";
import { HeaderMap } from "./header-map.ts";
import { localReplyHeaders } from "./local-reply.ts";
import type { Pair } from "./pairs.ts";
import type { PluginContext } from "./plugin-context.ts";

/** What a plugin asks for by `proxy_http_call`. */
export interface HttpCallRequest {
  cluster: string;
  headers: Pair[];
  body: ByteString;
  trailers: Pair[];
  /** Milliseconds; 0 for none. */
  timeout: number;
}

/** The answer to an HTTP call. */
export interface HttpCallResponse {
  /** Default: 200. */
  status?: number | undefined;
  headers?: readonly Pair[] | undefined;
  body?: ByteString | undefined;
  trailers?: readonly Pair[] | undefined;
}

/** An HTTP call that a plugin has made. Nobody answers it but whoever drives the host. */
export class HttpCall implements HttpCallRequest {
  readonly token: number;
  readonly cluster: string;
  readonly headers: Pair[];
  readonly body: ByteString;
  readonly trailers: Pair[];
  readonly timeout: number;
  readonly #calls: HttpCalls;

  /** @internal */
  constructor(token: number, request: HttpCallRequest, calls: HttpCalls) {
    this.token = token;
    this.cluster = request.cluster;
    this.headers = request.headers;
    this.body = request.body;
    this.trailers = request.trailers;
    this.timeout = request.timeout;
    this.#calls = calls;
  }

  /** Nobody has answered it yet, and the plugin is there. */
  get isPending(): boolean {
    return this.#calls.isPending(this.token);
  }

  /** Answers it: drives `proxy_on_http_call_response`. Does nothing where it was answered. @throws FilterwrightError FW_USAGE on what is no bytes */
  respond({ status = 200, headers = [], body = "", trailers }: HttpCallResponse = {}): void {
    expectPairs([...headers, ...(trailers ?? [])]);
    expectBytes(body);
    this.#calls.deliver(this.token, {
      headers: new HeaderMap("response headers", responseFromUpstream(status, headers, 0)),
      body,
      trailers: trailers && new HeaderMap("response trailers", trailers),
    });
  }

  /** Its connection broke: drives `proxy_on_http_call_response` with no headers. */
  fail(): void {
    this.#calls.deliver(this.token, undefined);
  }

  /** Its time is up: Envoy answers it by itself. */
  timeOut(): void {
    this.#calls.answerByEnvoy(this.token, 504, "upstream request timeout");
  }
}

/** What callbacks of the moment see of an answer. */
interface Answer {
  headers: HeaderMap;
  body: ByteString;
  trailers: HeaderMap | undefined;
}

/** @internal The HTTP calls of one plugin: Envoy's `Context::httpCall`, `onHttpCallSuccess` and `onHttpCallFailure`. */
export class HttpCalls {
  private readonly plugin: PluginContext;
  private readonly pending = new Set<number>();
  private answer: Answer | undefined;

  constructor(plugin: PluginContext) {
    this.plugin = plugin;
  }

  isPending(token: number): boolean {
    return this.pending.has(token) && !this.plugin.isDeleted;
  }

  /** @returns its token; undefined where it cannot be made */
  start(request: HttpCallRequest): number | undefined {
    const { services } = this.plugin.vm;
    const headers = new HeaderMap("request headers", request.headers);
    const isWhole = [":method", ":path", ":authority"].every((name) => headers.get(name) !== undefined);
    if (request.timeout < 0 || !services.hasCluster(request.cluster) || !isWhole) return undefined;
    if (request.body !== "") headers.replace("content-length", String(request.body.length));
    const token = this.plugin.vm.nextCallToken("http");
    this.pending.add(token);
    const fault = faultOf(headers);
    if (fault !== undefined) this.answerByEnvoy(token, 503, fault);
    else services.onHttpCall(new HttpCall(token, { ...request, headers: headers.pairs() }, this));
    return token;
  }

  /** The call does not go out, or takes too long. */
  answerByEnvoy(token: number, status: number, body: ByteString): void {
    const headers = localReplyHeaders(reply(status, "", body), { isGrpc: false, isHead: false });
    this.deliver(token, { headers, body, trailers: undefined });
  }

  deliver(token: number, answer: Answer | undefined): void {
    this.plugin.vm.services.loop.event(() => this.finish(token, answer));
  }

  private finish(token: number, answer: Answer | undefined): void {
    if (!this.isPending(token)) return;
    const { plugin } = this;
    this.pending.delete(token);
    this.answer = answer;
    if (!answer) plugin.status = { code: Result.BrokenConnection, message: "reset" };
    // Envoy takes the answer away before it does what the callback has put off.
    plugin.vm.later(() => {
      this.answer = undefined;
      if (!answer) plugin.status = { ...plugin.status, message: "" };
    });
    const { headers, body = "", trailers } = answer ?? {};
    const sizes = [headers?.length ?? 0, body.length, trailers?.length ?? 0];
    plugin.vm.invoke(plugin, "proxy_on_http_call_response", plugin.id, token, ...sizes);
  }

  map(type: number): HeaderMap | undefined {
    if (type === MapType.HttpCallResponseHeaders) return this.answer?.headers;
    return type === MapType.HttpCallResponseTrailers ? this.answer?.trailers : undefined;
  }

  body(type: number): ByteString | undefined {
    return type === BufferType.HttpCallResponseBody ? this.answer?.body : undefined;
  }
}
