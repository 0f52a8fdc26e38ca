import { expect, onTestFinished, test } from "vitest";
import { send } from "../src/cases/send.ts";
import { EchoControl } from "../src/echo/control.ts";
import { decodeForDisplay, type HeaderLine } from "../src/echo/exchange.ts";
import { startEcho } from "../src/echo/server.ts";

async function echo() {
  const server = await startEcho();
  onTestFinished(server.close);
  return {
    destination: { host: "127.0.0.1", port: server.port },
    control: new EchoControl(`http://127.0.0.1:${server.controlPort}`),
  };
}

const allBytes = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join("");
const highBytes = allBytes.slice(0x80);
const lines: HeaderLine[] = [
  ["X-A", "1"],
  ["x-b", ""],
  ["x-a", highBytes],
  ["x-B", "2"],
];

test("what the upstream is told to answer and what it received come over byte for byte, order and case kept", async () => {
  const { destination, control } = await echo();
  await control.answer({ status: 418, headers: lines, body: allBytes });
  const response = await send(destination, {
    method: "POST",
    path: "/a?b",
    authority: "x.example",
    headers: lines,
    body: allBytes,
  });
  expect(response.status).toBe(418);
  expect(response.body).toBe(allBytes);
  expect(response.headers.slice(0, 4)).toEqual(lines);
  expect(await control.received()).toEqual([
    {
      method: "POST",
      path: "/a?b",
      headers: [["host", "x.example"], ...lines, ["content-length", "256"], ["Connection", "keep-alive"]],
      body: allBytes,
      trailers: [],
    },
  ]);
  await control.answer({ status: 200, headers: [], body: "" });
  expect(await control.received()).toEqual([]);
});

test("without an answer to give it answers with what it received, for a person to read", async () => {
  const { destination } = await echo();
  const headers: HeaderLine[] = [
    ["x-utf8", "\xc3\xa9"],
    ["x-raw", "\xff"],
  ];
  const { status, body } = await send(destination, {
    method: "PUT",
    path: "/",
    authority: "h",
    headers,
    body: "\xc3\xa9",
  });
  expect(status).toBe(200);
  expect(JSON.parse(Buffer.from(body, "latin1").toString())).toMatchObject({
    method: "PUT",
    headers: expect.arrayContaining([
      ["x-utf8", "é"],
      ["x-raw", String.raw`\xff`],
    ]),
    body: "é",
  });
});

test("the control refuses what it does not know", async () => {
  const server = await startEcho();
  onTestFinished(server.close);
  const response = await fetch(`http://127.0.0.1:${server.controlPort}/other`);
  expect([response.status, await response.text()]).toEqual([
    404,
    "expected PUT /answer, DELETE /answer or GET /received\n",
  ]);
});

test("bytes are shown as UTF-8 where they are that", () => {
  expect(decodeForDisplay("\xe4\xb8\x96")).toBe("世");
  expect(decodeForDisplay("a\xe4\xb8")).toBe(String.raw`a\xe4\xb8`);
});
