// What of the probe's calls Envoy's dynamic-module ABI can do: the rest is left out of programs, and has tests of its own.
import { decodePairs } from "../../src/host/pairs.ts";

const fromHex = (word = "x"): string => Buffer.from(word.slice(1), "hex").toString("latin1");

/** Envoy tells a dynamic module nothing of them. */
const IMPOSSIBLE_PROPERTIES = new Set(["upstream.locality"]);

/** The program without what cannot be done. */
export function possible(program: readonly string[]): string[] {
  const replies = program.some((line) => line.split(" ")[1] === "reply");
  const repliesToResponse = program.some((line) => /^response_\S+ reply/.test(line));
  return program.filter(
    (line) =>
      isPossible(line) &&
      !(replies && changesReply(line)) &&
      !(repliesToResponse && /^(log|done|delete) /.test(line)) &&
      !(replies && /^(log|done|delete) body/.test(line)),
  );
}

/** A filter cannot hold an answer of its own, nor break it off in its body; and Envoy sets its length. What it saw of a response in whose place it answered, it does not see again. */
function changesReply(line: string): boolean {
  if (/^response_\S+ (return [^0]|set_body 1)|^response_body\S* trap/.test(line)) return true;
  const writes = /^response_headers(\.\d+)? (add|replace|remove|set_pairs) 2/.test(line);
  return writes && /^content-length$/i.test(fromHex(line.split(" ")[3]));
}

/** @param line `CALLBACK[.N] CALL ARGUMENTS...` */
function isPossible(line: string): boolean {
  const [callback = "", call = "", first = "", second, third] = line.split(" ");
  const makesTrailers = !/^re(quest|sponse)_trailers/.test(callback) && ["1", "3"].includes(first);
  if (["add", "replace", "remove", "map_size", "set_pairs"].includes(call) && makesTrailers) return false;
  if (["add", "replace"].includes(call) && third === "x") return false;
  if (call === "set_pairs") return decodePairs(fromHex(second)).every(([, value]) => value !== "");
  if (call === "property") return !IMPOSSIBLE_PROPERTIES.has(fromHex(first).replaceAll("\0", "."));
  // A cluster is looked for on the main thread, when the call has been made.
  if (call === "http_call" || call.startsWith("grpc_")) return fromHex(first) === "calls";
  // Metrics are defined while a plugin is configured.
  return call !== "define" || callback === "configure";
}
