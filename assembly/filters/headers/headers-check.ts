// What the tools run in the place of the filter: it reads a configuration with the same code, and logs, as one line of JSON,
// what is wrong with it and what it comes to: {"problems": [{"path", "message"}], "plan": ...}. src/rules/plan.ts has its types.

import { callbackRegion, enterRegion } from "filterwright/assembly/heap/regions";
import { readDocument } from "filterwright/assembly/document";
import { Problems } from "filterwright/assembly/document/problems";
import { Description } from "filterwright/assembly/filters/headers/description";
import { readPlan } from "filterwright/assembly/filters/headers/read/plan";
import { get_buffer_bytes } from "filterwright/assembly/runtime/buffer";
import { endCallback } from "filterwright/assembly/runtime/callback";
import { BufferTypeValues, LogLevelValues } from "filterwright/assembly/runtime/enums";
import { log } from "filterwright/assembly/filters/headers/log";

enterRegion(callbackRegion);

export { malloc } from "filterwright/assembly/runtime/memory";

export function proxy_abi_version_0_2_1(): void {}

export function proxy_on_configure(root: u32, size: u32): u32 {
  const to = new Description();
  const document = readDocument(get_buffer_bytes(BufferTypeValues.PluginConfiguration, 0, size));
  const problems = new Problems();
  to.object();
  to.key("problems");
  if (document.problem.length > 0) describeForm(document.problem, to);
  else {
    // Which variables the VM will have is not known here: those that are asked for are told, and taken to be there.
    const plan = readPlan(document.root, problems, true);
    describeProblems(problems, to);
    if (problems.isEmpty) {
      to.key("plan");
      plan.describe(to);
    }
  }
  to.endObject();
  log(LogLevelValues.info, String.UTF8.decode(to.bytes.toArrayBuffer()));
  endCallback();
  return 1;
}

/** @param problem of a text that is no JSON: `PATH (offset N): MESSAGE` */
function describeForm(problem: string, to: Description): void {
  to.array();
  to.object();
  to.text("message", problem);
  to.endObject();
  to.endArray();
}

function describeProblems(problems: Problems, to: Description): void {
  to.array();
  for (let i = 0; i < problems.list.length; i++) {
    to.object();
    to.text("path", problems.list[i].path);
    to.text("message", problems.list[i].message);
    to.endObject();
  }
  to.endArray();
}
