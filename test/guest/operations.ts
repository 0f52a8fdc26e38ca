// Runs operations of the headers filter: {"guard": {"deny": [...]}, "request": [OPERATION, ...], "response": [...]}. What comes of
// each is in the header `x-outcomes`, a digit for each.

export * from "filterwright/assembly/proxy/headers";
import {
  Context,
  FilterHeadersStatusValues,
  LogLevelValues,
  RootContext,
  log,
  registerRootContext,
  stream_context,
} from "filterwright/assembly";
import { Value, readDocument } from "filterwright/assembly/document";
import { Problems } from "filterwright/assembly/document/problems";
import { Needs } from "filterwright/assembly/filters/headers/needs";
import { Operation } from "filterwright/assembly/filters/headers/operations/operation";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { readGuard } from "filterwright/assembly/filters/headers/read/guard";
import { readOperation } from "filterwright/assembly/filters/headers/read/operation";
import { Side } from "filterwright/assembly/filters/headers/read/side";
import { Settings } from "filterwright/assembly/filters/headers/settings";

class Operations extends RootContext {
  request: Operation[] = [];
  response: Operation[] = [];
  readonly needs: Needs = new Needs();

  onConfigure(size: u32): bool {
    const document = readDocument(this.getConfigurationBytes());
    const problems = new Problems();
    const settings = new Settings();
    const guard = document.root.get("guard");
    if (guard !== null) readGuard(guard, settings.guard, problems);
    this.request = this.read(document.root.get("request"), new Side(true, settings, problems, this.needs));
    this.response = this.read(document.root.get("response"), new Side(false, settings, problems, this.needs));
    if (!problems.isEmpty) log(LogLevelValues.error, problems.toString());
    return problems.isEmpty;
  }

  createContext(context_id: u32): Context {
    return new Running(context_id, this);
  }

  run(operations: Operation[], pass: Pass): string {
    pass.begin();
    let outcomes = "";
    for (let i = 0; i < operations.length; i++) outcomes += operations[i].run(pass).toString();
    return outcomes;
  }

  private read(list: Value | null, side: Side): Operation[] {
    const operations: Operation[] = [];
    for (let i = 0; list !== null && i < list.items.length; i++) {
      const operation = readOperation(list.items[i], side);
      if (operation !== null) operations.push(operation);
    }
    return operations;
  }
}

class Running extends Context {
  constructor(
    context_id: u32,
    private readonly root: Operations,
  ) {
    super(context_id, root);
  }

  onRequestHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    stream_context.headers.request.add("x-outcomes", this.root.run(this.root.request, new Pass(true, this.root.needs)));
    return FilterHeadersStatusValues.Continue;
  }

  onResponseHeaders(count: u32, end_of_stream: bool): FilterHeadersStatusValues {
    stream_context.headers.response.add(
      "x-outcomes",
      this.root.run(this.root.response, new Pass(false, this.root.needs)),
    );
    return FilterHeadersStatusValues.Continue;
  }
}

registerRootContext((context_id) => new Operations(context_id), "operations");
