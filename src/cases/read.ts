import { basename, dirname, join } from "node:path";
import { type ByteString, encodeUtf8, type HeaderLine } from "../echo/exchange.ts";
import type { BackendName, Case, CaseFile, Expectation, MessageExpectation } from "./case-file.ts";
import { checkedDocument, type SourceDocument } from "./document.ts";

/** A text of the file, or the bytes of a `!!binary`. */
type Text = string | Uint8Array;

interface RawFile {
  filter?: string;
  envoy?: Partial<Record<BackendName, string>>;
  root_id?: string;
  config?: object | string;
  backends?: BackendName[];
  twins?: Partial<Record<BackendName, string>>;
  cases: RawCase[];
}

interface RawCase {
  name: string;
  config?: object | string;
  request?: { method?: string; path?: string; authority?: string; headers?: Text[]; body?: Text };
  upstream?: { status?: number; headers?: Text[]; body?: Text };
  expect: Omit<Expectation, "request" | "response"> & { request?: RawMessage; response?: RawMessage };
}

interface RawMessage {
  method?: string;
  path?: string;
  authority?: string;
  status?: number;
  headers?: Text[];
  without?: string[];
  body?: Text;
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
  const files = raw.envoy ?? raw.twins ?? {};
  const backends = raw.backends ?? [
    ...new Set<BackendName>([
      ...(raw.filter === undefined ? [] : ["wasm" as const]),
      ...(Object.keys(files) as BackendName[]),
    ]),
  ];
  return {
    path,
    setup: readSetup(document, raw, options.buildDir ?? "build"),
    backends,
    cases: raw.cases.map((testCase, index) => readCase(document, testCase, index)),
  };
}

function readSetup(document: SourceDocument, raw: RawFile, buildDir: string): CaseFile["setup"] {
  const folder = dirname(document.path);
  const fromHere = (files: Partial<Record<BackendName, string>>) =>
    Object.fromEntries(Object.entries(files).map(([backend, file]) => [backend, join(folder, file)]));
  if ((raw.filter === undefined) === (raw.envoy === undefined)) {
    throw document.mistake(
      [],
      "expected either filter or envoy, found " + (raw.filter === undefined ? "neither" : "both"),
    );
  }
  if (raw.filter === undefined) return { kind: "envoy", files: fromHere(raw.envoy!) };
  const isPath = raw.filter.endsWith(".wasm");
  return {
    kind: "filter",
    wasm: isPath ? join(folder, raw.filter) : join(buildDir, `${raw.filter}.wasm`),
    rootId: raw.root_id ?? basename(raw.filter, ".wasm"),
    config: configText(raw.config) ?? "",
    twins: fromHere(raw.twins ?? {}),
  };
}

function readCase(document: SourceDocument, raw: RawCase, index: number): Case {
  const { request = {}, upstream = {}, expect } = raw;
  if (expect.rejected !== undefined && Object.keys(expect).length > 1) {
    throw document.mistake(
      ["cases", index, "expect"],
      "expected rejected alone: a refused configuration serves no request",
    );
  }
  return {
    name: raw.name,
    line: document.lineOf(["cases", index]),
    config: configText(raw.config),
    request: {
      method: request.method ?? "GET",
      path: encodeUtf8(request.path ?? "/"),
      authority: encodeUtf8(request.authority ?? "example.com"),
      headers: readLines(request.headers),
      body: toBytes(request.body ?? ""),
    },
    upstream: {
      status: upstream.status ?? 200,
      headers: readLines(upstream.headers),
      body: toBytes(upstream.body ?? ""),
    },
    expect: {
      ...expect,
      ...(expect.request && { request: readMessage(expect.request) }),
      ...(expect.response && { response: readMessage(expect.response) }),
    } as Expectation,
  };
}

function readMessage({ headers, without, body, path, authority, ...rest }: RawMessage): MessageExpectation {
  return {
    ...rest,
    headers: readLines(headers),
    without: without ?? [],
    ...(path !== undefined && { path: encodeUtf8(path) }),
    ...(authority !== undefined && { authority: encodeUtf8(authority) }),
    ...(body !== undefined && { body: toBytes(body) }),
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
