import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { compiledGuest } from "../guest-module.ts";
import { startFilterwright } from "./running.ts";

let wasm: string;

beforeAll(async () => {
  wasm = await compiledGuest("changes");
});

/** An upstream that is not ours. */
async function startUpstream(): Promise<{ url: string; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    response.writeHead(201, [
      "x-from",
      "there",
      "x-raw",
      "\xff",
      "set-cookie",
      "a=1",
      "set-cookie",
      "b=2",
      "trailer",
      "x-end",
    ]);
    response.write("first ");
    response.addTrailers({ "x-end": "3" });
    request.resume().on("end", () => response.end("second"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close().closeAllConnections());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

describe.each(["host", "wasm"])("filterwright run --on %s --upstream URL", (on) => {
  test("puts the filter in front of it, and passes on all that the filter leaves alone", async () => {
    const { url, requests } = await startUpstream();
    const running = await startFilterwright([wasm, "--on", on, "--upstream", url]);
    const request = {
      method: "POST",
      headers: [
        ["x-do", "trailers"],
        ["x-raw", "\xfe"],
      ] as [string, string][],
    };
    const { status, headers, body, trailers } = await running.send({ ...request, body: "sent" });
    const names = new Set(["x-from", "x-raw", "set-cookie", "transfer-encoding"]);
    expect({ status, headers: headers.filter(([name]) => names.has(name)), body, trailers }).toEqual({
      status: 201,
      headers: [
        ["x-from", "there"],
        ["x-raw", "\xff"],
        ["set-cookie", "a=1"],
        ["set-cookie", "b=2"],
        ["transfer-encoding", "chunked"],
      ],
      body: "first second",
      trailers: [
        ["x-end", "3"],
        ["x-added", "1"],
      ],
    });
    expect(requests.map(({ method, headers: { host } }) => [method, host])).toEqual([["POST", "example.com"]]);
    expect(requests[0]!.headers["x-raw"]).toBe("\xfe");
    await expect
      .poll(() => running.text().split("Control-C ends it.\n\n")[1])
      .toBe("POST /  201, N ms\n  response  + trailer x-added: 1\n");
  });

  test("names the upstream to it where the client named the listener", async () => {
    const { url, requests } = await startUpstream();
    const running = await startFilterwright([wasm, "--on", on, "--upstream", url]);
    await running.send({ authority: `localhost:${running.port}` });
    await running.send({ authority: `127.0.0.1:${running.port}` });
    const { host } = new URL(url);
    expect(requests.map(({ headers }) => headers.host)).toEqual([host, host]);
  });

  test("answers 503 as Envoy does where it cannot be reached, and says so", async () => {
    const running = await startFilterwright([wasm, "--on", on, "--upstream", "http://127.0.0.1:9"]);
    expect(await running.send()).toMatchObject({
      status: 503,
      body: "upstream connect error or disconnect/reset before headers. reset reason: remote connection failure",
    });
    await expect.poll(() => running.text()).toContain("note");
    expect(running.text().split("Control-C ends it.\n\n")[1]).toBe(
      "GET /  503, N ms\n  nothing changed\n  note      http://127.0.0.1:9 cannot be reached: ECONNREFUSED\n",
    );
  });

  test("lets the plugin call other clusters that are named", async () => {
    const { url, requests } = await startUpstream();
    const clusters = ["--cluster", `auth=${url}`, "--cluster=gone=http://127.0.0.1:9"];
    const running = await startFilterwright([wasm, "--on", on, ...clusters]);
    for (const cluster of ["auth", "gone", "nowhere"]) await running.send({ headers: [["x-do", `call ${cluster}`]] });
    expect(requests.map(({ method, url: path, headers: { host } }) => [method, path, host])).toEqual([
      ["POST", "/ask", "auth"],
    ]);
    await expect.poll(() => running.text()).toContain("x-call-failed");
    const refused =
      "  note      an HTTP call was refused: the clusters are auth, gone, upstream; --cluster NAME=URL adds one\n";
    expect(running.text().split("Control-C ends it.\n\n")[1]).toBe(
      `GET /  200, N ms
  request   + x-called: 201
  note      called auth: POST /ask 201
GET /  200, N ms
  request   + x-called: 503
  note      http://127.0.0.1:9 cannot be reached: ECONNREFUSED
  note      called gone: POST /ask 503
GET /  200, N ms
  request   + x-call-failed: 2
${on === "host" ? refused : ""}`,
    );
  });
});
