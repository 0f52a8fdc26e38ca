// Sets headers to templates, as its configuration names them: {"request": {NAME: TEMPLATE}, "response": {NAME: TEMPLATE}}. What
// comes of each is in the header `x-outcome`. The last of its "captures", regular expressions, that matches the path of the
// request is what %CAPTURE(n)% refers to.

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
import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { Moment } from "filterwright/assembly/filters/headers/moment";
import { Needs } from "filterwright/assembly/filters/headers/needs";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { Side } from "filterwright/assembly/filters/headers/read/side";
import { Secret, Settings } from "filterwright/assembly/filters/headers/settings";
import { Template } from "filterwright/assembly/filters/headers/values/template";
import { Regex } from "filterwright/assembly/regex";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";

class Templates extends RootContext {
  readonly names: Bytes[] = [];
  readonly templates: Template[] = [];
  readonly needs: Needs = new Needs();
  readonly captures: Regex[] = [];
  /** How many of them are the request's: they come first. */
  requestCount: i32 = 0;

  onConfigure(size: u32): bool {
    const document = readDocument(this.getConfigurationBytes());
    const problems = new Problems();
    const settings = new Settings();
    settings.secrets.push(new Secret("key", "secret"));
    settings.allowUnverifiedJwt = document.root.get("allowUnverifiedJwt") !== null;
    const captures = document.root.get("captures");
    for (let i = 0; captures !== null && i < captures.items.length; i++) {
      this.captures.push(Regex.parse(captures.items[i].text));
    }
    const request = document.root.get("request");
    if (request !== null) this.read(request, new Side(true, settings, problems, this.needs));
    this.requestCount = this.names.length;
    const response = document.root.get("response");
    if (response !== null) this.read(response, new Side(false, settings, problems, this.needs));
    this.needs.headers(Moment.AfterRequest, path);
    if (!problems.isEmpty) log(LogLevelValues.error, problems.toString());
    return problems.isEmpty;
  }

  createContext(context_id: u32): Context {
    return new Rendering(context_id, this);
  }

  run(pass: Pass, from: i32, to: i32): void {
    pass.begin();
    this.capture(pass);
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

  private capture(pass: Pass): void {
    const lines = pass.lines(pass.isRequest ? Moment.Now : Moment.AfterRequest);
    const at = lines.find(path.start, path.size);
    for (let i = 0; at >= 0 && i < this.captures.length; i++) {
      const regex = this.captures[i];
      const start = lines.valueStart(at);
      pass.captured.match(regex, start, <i32>lines.valueSize(at));
    }
  }

  private read(object: Value, side: Side): void {
    side.captures = this.captures;
    for (let i = 0; i < object.items.length; i++) {
      const item = object.items[i];
      this.names.push(new Bytes(item.key));
      this.templates.push(side.template(item));
    }
  }
}

class Rendering extends Context {
  private before: ArrayBuffer | null = null;
  private after: ArrayBuffer | null = null;

  constructor(
    context_id: u32,
    private readonly root: Templates,
  ) {
    super(context_id, root);
  }

  onRequestHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const needs = this.root.needs;
    const pass = new Pass(true, needs);
    pass.headers.begin();
    const before = needs.beforeRequest.note(pass.headers.lines);
    this.before = before;
    needs.beforeRequest.show(before);
    this.root.run(pass, 0, this.root.requestCount);
    this.after = needs.afterRequest.note(pass.headers.lines);
    return FilterHeadersStatusValues.Continue;
  }

  onResponseHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    const needs = this.root.needs;
    const pass = new Pass(false, needs);
    pass.headers.begin();
    needs.beforeRequest.show(this.before);
    needs.afterRequest.show(this.after);
    needs.beforeResponse.show(needs.beforeResponse.note(pass.headers.lines));
    this.root.run(pass, this.root.requestCount, this.root.names.length);
    return FilterHeadersStatusValues.Continue;
  }
}

const path = new HeaderName(":path");

registerRootContext((context_id) => new Templates(context_id), "templates");
