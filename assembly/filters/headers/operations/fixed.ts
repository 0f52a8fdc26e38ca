import { Description } from "filterwright/assembly/filters/headers/description";
import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { Operation } from "filterwright/assembly/filters/headers/operations/operation";
import { Remove } from "filterwright/assembly/filters/headers/operations/remove";
import { FixedWrite, WriteKind } from "filterwright/assembly/filters/headers/operations/write";
import { Outcome } from "filterwright/assembly/filters/headers/outcome";
import { Pass } from "filterwright/assembly/filters/headers/pass";

/** What one entry has: the kind of host call, where the name is and its size, the same of the value. */
const ENTRY = 5;

enum Call {
  Replace,
  Add,
  Remove,
}

/** Operations that are the same for every message, one host call each, all at once. */
class FixedOperations extends Operation {
  private readonly calls: StaticArray<usize>;

  /** @param operations keeps what the calls point to */
  constructor(private readonly operations: Operation[]) {
    super();
    const calls = new StaticArray<usize>(operations.length * ENTRY);
    for (let i = 0; i < operations.length; i++) {
      writeCall(operations[i], changetype<usize>(calls) + i * ENTRY * sizeof<usize>());
    }
    this.calls = calls;
    this.weight = operations.length;
  }

  run(pass: Pass): Outcome {
    const headers = pass.headers;
    let at = changetype<usize>(this.calls);
    for (const end = at + ((<usize>this.calls.length) << alignof<usize>()); at < end; at += ENTRY * sizeof<usize>()) {
      const call = load<usize>(at);
      const name = load<usize>(at, sizeof<usize>());
      const nameSize = load<usize>(at, 2 * sizeof<usize>());
      const value = load<usize>(at, 3 * sizeof<usize>());
      const valueSize = load<usize>(at, 4 * sizeof<usize>());
      if (call == Call.Remove) headers.remove(name, nameSize);
      else if (call == Call.Add) headers.add(name, nameSize, value, valueSize);
      else headers.replace(name, nameSize, value, valueSize);
    }
    return Outcome.Applied;
  }

  describe(to: Description): void {
    for (let i = 0; i < this.operations.length; i++) this.operations[i].describe(to);
  }
}

function writeCall(operation: Operation, to: usize): void {
  let name: HeaderName;
  let call = Call.Remove;
  if (operation instanceof Remove) name = (operation as Remove).name;
  else {
    const write = operation as FixedWrite;
    name = write.name;
    call = write.kind == WriteKind.Set ? Call.Replace : Call.Add;
    store<usize>(to, write.value.start, 3 * sizeof<usize>());
    store<usize>(to, write.value.size, 4 * sizeof<usize>());
  }
  store<usize>(to, call);
  store<usize>(to, name.start, sizeof<usize>());
  store<usize>(to, name.size, 2 * sizeof<usize>());
}

/** The same operations, with each row of those that are the same for every message made one. */
export function withFixedTogether(operations: Operation[]): Operation[] {
  const together: Operation[] = [];
  let row: Operation[] = [];
  for (let i = 0; i <= operations.length; i++) {
    if (i < operations.length && (operations[i] instanceof Remove || operations[i] instanceof FixedWrite)) {
      row.push(operations[i]);
      continue;
    }
    if (row.length > 0) together.push(new FixedOperations(row));
    row = [];
    if (i < operations.length) together.push(operations[i]);
  }
  return together;
}
