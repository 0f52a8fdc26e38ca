import { basename, dirname, join } from "node:path";
import { type ByteString, encodeUtf8, type HeaderLine, type Response } from "../echo/exchange.ts";
import {
  type BackendName,
  BACKENDS,
  type Case,
  type CaseFile,
  type EnvoyBackendName,
  type Expectation,
  type MessageExpectation,
  type SourceAddress,
  type TwinName,
} from "./case-file.ts";
import { checkedDocument, type SourceDocument } from "./document.ts";

/** A port that a client may have. */
const DEFAULT_SOURCE_PORT = 40_000;

/** A text of the file, or the bytes of a `!!binary`. */
type Text = string | Uint8Array;

interface RawFile {
  filter?: string;
  envoy?: Partial<Record<EnvoyBackendName, string>>;
  root_id?: string;
  config?: object | string;
  backends?: BackendName[];
  twins?: Partial<Record<TwinName, string>>;
  clock?: string;
  cases: RawCase[];
}

interface RawCase {
  name: string;
  config?: object | string;
  clock?: string;
  request?: RawRequest;
  upstream?: RawResponse & { calls?: (RawResponse & { path: string })[] };
  expect: Omit<Expectation, "request" | "response"> & { request?: RawMessage; response?: RawMessage };
}

interface RawRequest {
  method?: string;
  path?: string;
  authority?: string;
  headers?: Text[];
  body?: Text;
  trailers?: Text[];
  source?: string;
}

interface RawResponse {
  status?: number;
  headers?: Text[];
  body?: Text;
  trailers?: Text[];
}

interface RawMessage {
  method?: string;
  path?: string;
  authority?: string;
  status?: number;
  headers?: Text[];
  without?: string[];
  body?: Text;
  trailers?: Text[];
}

export interface ReadOptions {
  /** Where filters that the file names are built. Default: `build`. */
  buildDir?: string;
}

/**
 * Reads a case file.
 *
 * @throws FilterwrightError FW_CASE_FILE with file, line, column and the line itself; FW_CONFIG_FILE where it cannot be read
 */
export function readCaseFile(path: string, options: ReadOptions = {}): CaseFile {
  const document = checkedDocument(path);
  const raw = document.value as RawFile;
  const files = raw.envoy ?? { wasm: raw.filter, ...raw.twins };
  const has = { ...files, host: files.wasm } as Partial<Record<BackendName, string>>;
  const backends = raw.backends ?? BACKENDS.filter((name) => has[name] !== undefined);
  return {
    path,
    setup: readSetup(document, raw, options.buildDir ?? "build"),
    backends,
    cases: raw.cases.map((_, index) => readCase(document, raw, index)),
  };
}

function readSetup(document: SourceDocument, raw: RawFile, buildDir: string): CaseFile["setup"] {
  const folder = dirname(document.path);
  const fromHere = (files: Record<string, string>) =>
    Object.fromEntries(Object.entries(files).map(([backend, file]) => [backend, join(folder, file)]));
  if ((raw.filter === undefined) === (raw.envoy === undefined)) {
    throw document.mistake(
      [],
      "expected either filter or envoy, found " + (raw.filter === undefined ? "neither" : "both"),
    );
  }
  if (raw.filter === undefined) return { kind: "envoy", files: fromHere(raw.envoy!) };
  const isPath = raw.filter.endsWith(".wasm");
  const name = basename(raw.filter, ".wasm");
  return {
    kind: "filter",
    wasm: isPath ? join(folder, raw.filter) : join(buildDir, `${raw.filter}.wasm`),
    rootId: raw.root_id ?? name,
    config: configText(raw.config) ?? "",
    twins: fromHere(raw.twins ?? {}),
    ...(name === "headers" && { rendersTwins: true as const }),
  };
}

function readCase(document: SourceDocument, file: RawFile, index: number): Case {
  const raw = file.cases[index]!;
  const clock = raw.clock ?? file.clock;
  const { request = {}, upstream = {}, expect } = raw;
  if (expect.rejected !== undefined && Object.keys(expect).some((key) => key !== "rejected" && key !== "log")) {
    throw document.mistake(
      ["cases", index, "expect"],
      "expected rejected alone, or with log: a refused configuration serves no request",
    );
  }
  return {
    name: raw.name,
    line: document.lineOf(["cases", index]),
    config: configText(raw.config),
    clock: clock === undefined ? undefined : Date.parse(clock),
    request: {
      method: request.method ?? "GET",
      path: encodeUtf8(request.path ?? "/"),
      authority: encodeUtf8(request.authority ?? "example.com"),
      headers: readLines(request.headers),
      body: toBytes(request.body ?? ""),
      trailers: readLines(request.trailers),
      ...(request.source !== undefined && { source: readSource(request.source) }),
    },
    upstream: {
      ...readResponse(upstream),
      calls: (upstream.calls ?? []).map((call) => Object.assign(readResponse(call), { path: encodeUtf8(call.path) })),
    },
    expect: {
      ...expect,
      ...(expect.request && { request: readMessage(expect.request) }),
      ...(expect.response && { response: readMessage(expect.response) }),
    } as Expectation,
  };
}

function readResponse({ status, headers, body, trailers }: RawResponse): Response {
  return {
    status: status ?? 200,
    headers: readLines(headers),
    body: toBytes(body ?? ""),
    trailers: readLines(trailers),
  };
}

/** `ADDRESS`, `ADDRESS:PORT`, `[ADDRESS]:PORT`. */
function readSource(source: string): SourceAddress {
  const [, bracketed, v4, port] = /^(?:\[(.*)\]|([0-9.]+))(?::(\d+))?$/.exec(source) ?? [];
  return { address: bracketed ?? v4 ?? source, port: Number(port ?? DEFAULT_SOURCE_PORT) };
}

function readMessage({ headers, without, body, path, authority, trailers, ...rest }: RawMessage): MessageExpectation {
  return {
    ...rest,
    headers: readLines(headers),
    without: without ?? [],
    ...(path !== undefined && { path: encodeUtf8(path) }),
    ...(authority !== undefined && { authority: encodeUtf8(authority) }),
    ...(body !== undefined && { body: toBytes(body) }),
    ...(trailers !== undefined && { trailers: readLines(trailers) }),
  };
}

function readLines(lines: Text[] = []): HeaderLine[] {
  return lines.map((line) => {
    const bytes = toBytes(line);
    const colon = bytes.indexOf(":");
    return [bytes.slice(0, colon), bytes.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, "")];
  });
}

function toBytes(text: Text): ByteString {
  return typeof text === "string" ? encodeUtf8(text) : Buffer.from(text).toString("latin1");
}

function configText(config: object | string | undefined): string | undefined {
  return typeof config === "object" ? JSON.stringify(config) : config;
}
