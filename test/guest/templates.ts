// Sets headers to templates, as its configuration names them: {"request": {NAME: TEMPLATE}, "response": {NAME: TEMPLATE}}. What
// comes of each is in the header `x-outcome`.

export * from "filterwright/assembly/proxy/headers";
import {
  Context,
  FilterHeadersStatusValues,
  LogLevelValues,
  RootContext,
  log,
  registerRootContext,
} from "filterwright/assembly";
import { Value, readDocument } from "filterwright/assembly/document";
import { Problems } from "filterwright/assembly/document/problems";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { Outcome } from "filterwright/assembly/filters/headers/outcome";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { Needs } from "filterwright/assembly/filters/headers/needs";
import { Side } from "filterwright/assembly/filters/headers/read/side";
import { Secret, Settings } from "filterwright/assembly/filters/headers/settings";
import { Template } from "filterwright/assembly/filters/headers/values/template";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";

class Templates extends RootContext {
  readonly names: Bytes[] = [];
  readonly templates: Template[] = [];
  readonly needs: Needs = new Needs();
  /** How many of them are the request's: they come first. */
  requestCount: i32 = 0;

  onConfigure(size: u32): bool {
    const document = readDocument(this.getConfigurationBytes());
    const problems = new Problems();
    const settings = new Settings();
    settings.secrets.push(new Secret("key", "secret"));
    const request = document.root.get("request");
    if (request !== null) this.read(request, new Side(true, settings, problems, this.needs));
    this.requestCount = this.names.length;
    const response = document.root.get("response");
    if (response !== null) this.read(response, new Side(false, settings, problems, this.needs));
    if (!problems.isEmpty) log(LogLevelValues.error, problems.toString());
    return problems.isEmpty;
  }

  createContext(context_id: u32): Context {
    return new Rendering(context_id, this);
  }

  run(pass: Pass, from: i32, to: i32): void {
    pass.begin();
    const writer = new ByteWriter();
    for (let i = from; i < to; i++) {
      writer.clear();
      const outcome = this.templates[i].write(pass, writer);
      const name = this.names[i];
      if (outcome == Outcome.Applied) pass.headers.replace(name.start, name.size, writer.start, writer.size);
      const said = new Bytes(outcome.toString());
      const outcomes = new Bytes("x-outcome");
      pass.headers.add(outcomes.start, outcomes.size, said.start, said.size);
    }
  }

  private read(object: Value, side: Side): void {
    for (let i = 0; i < object.items.length; i++) {
      const item = object.items[i];
      this.names.push(new Bytes(item.key));
      this.templates.push(side.template(item));
    }
  }
}

class Rendering extends Context {
  constructor(
    context_id: u32,
    private readonly root: Templates,
  ) {
    super(context_id, root);
  }

  onRequestHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    this.root.run(new Pass(true, this.root.needs), 0, this.root.requestCount);
    return FilterHeadersStatusValues.Continue;
  }

  onResponseHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    this.root.run(new Pass(false, this.root.needs), this.root.requestCount, this.root.names.length);
    return FilterHeadersStatusValues.Continue;
  }
}

registerRootContext((context_id) => new Templates(context_id), "templates");
