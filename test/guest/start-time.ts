// Answers with the time of the request in each of the formats that its configuration has, one a line, and with the address of
// the client as it read it.

export * from "filterwright/assembly/proxy";
import {
  Context,
  FilterHeadersStatusValues,
  RootContext,
  getNumber,
  getProperty,
  registerRootContext,
  stream_context,
} from "filterwright/assembly";
import { encodeHex } from "filterwright/assembly/encoding/hex";
import { readEndpoint } from "filterwright/assembly/net/address";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { findByte } from "filterwright/assembly/text/slice";
import { decodeUtf8 } from "filterwright/assembly/text/utf8";
import { writeRfc3339 } from "filterwright/assembly/time/formats";
import { TimeFormat } from "filterwright/assembly/time/time-format";

const value = new ByteWriter();
const address: usize = memory.data(16, 8);

class Root extends RootContext {
  readonly formats: (TimeFormat | null)[] = [];

  onConfigure(size: u32): bool {
    const text = this.getConfigurationBytes();
    const end = changetype<usize>(text) + text.byteLength;
    for (let at = changetype<usize>(text); at < end; at++) {
      const line = at;
      at = findByte(0x0a, at, end);
      this.formats.push(TimeFormat.parse(line, <i32>(at - line)));
    }
    return true;
  }

  createContext(context_id: u32): Context {
    return new Stream(context_id, this);
  }
}

class Stream extends Context {
  constructor(
    context_id: u32,
    private root: Root,
  ) {
    super(context_id, root);
  }

  onResponseHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const time = getNumber("request.time");
    const formats = this.root.formats;
    for (let i = 0; i < formats.length; i++) {
      const format = formats[i];
      value.clear();
      if (format === null) value.text("refused");
      else format.write(value, time);
      this.say(`x-ours-${i}`);
    }
    value.clear();
    writeRfc3339(value, time);
    this.say("x-rfc3339");
    value.clear();
    const source = getProperty("source.address");
    if (source !== null && readEndpoint(changetype<usize>(source), source.byteLength, address)) {
      encodeHex(value, address, 16);
    }
    this.say("x-source");
    return FilterHeadersStatusValues.Continue;
  }

  private say(name: string): void {
    stream_context.headers.response.add(name, decodeUtf8(value.start, value.size));
  }
}

registerRootContext((context_id: u32) => new Root(context_id), "start-time");
