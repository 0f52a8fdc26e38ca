import { proxy_set_property } from "@solo-io/proxy-runtime/assembly/imports";
import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { Description } from "filterwright/assembly/filters/headers/description";
import { Operation } from "filterwright/assembly/filters/headers/operations/operation";
import { Outcome } from "filterwright/assembly/filters/headers/outcome";
import { Pass } from "filterwright/assembly/filters/headers/pass";
import { Template } from "filterwright/assembly/filters/headers/values/template";
import { WasmResultValues } from "filterwright/assembly/runtime/enums";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";

const value = new ByteWriter();

/** `setProperty`: filter state of the name `wasm.KEY`, for other filters and the access log. */
export class SetProperty extends Operation {
  private readonly key: Bytes;

  constructor(
    key: string,
    private readonly value: Template,
  ) {
    super();
    this.key = new Bytes(key);
  }

  run(pass: Pass): Outcome {
    value.clear();
    const outcome = this.value.write(pass, value);
    if (outcome != Outcome.Applied) return outcome;
    if (value.size == 0) return Outcome.Skipped;
    if (pass.headers.isRehearsal) return Outcome.Applied;
    const result = proxy_set_property(this.key.start, this.key.size, value.start, value.size);
    return result == WasmResultValues.Ok ? Outcome.Applied : Outcome.Error;
  }

  describe(to: Description): void {
    to.text("operation", "setProperty");
    to.bytesOf("key", this.key);
    to.template("value", this.value);
  }
}
