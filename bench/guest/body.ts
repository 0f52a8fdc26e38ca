// Reads a body, builds another text of its beginning letter by letter, and keeps neither: the garbage that text work makes.

export * from "filterwright/assembly/proxy";
import { Context, FilterDataStatusValues, registerContext, stream_context } from "filterwright/assembly";

class Stream extends Context {
  onRequestBody(size: usize, end_of_stream: bool): FilterDataStatusValues {
    const text = stream_context.body.request.text();
    let copy = "";
    for (let i = 0; i < min(text.length, 500); i++) copy += text.charAt(i);
    if (copy.length != min(text.length, 500)) throw new Error("a text was lost");
    return FilterDataStatusValues.Continue;
  }
}

registerContext((context_id, root_context) => new Stream(context_id, root_context), "demo");
