import { BaseContext } from "filterwright/assembly/runtime/context";

// Contexts by id: a hash table with open addressing. Ids are counted up, so multiplying by 2^32 / phi (Fibonacci hashing)
// spreads those that are alive at a time; the id itself would put long-lived streams side by side, in the way of all that
// come around later. Removal closes the gap that it leaves, so nothing of a stream stays behind.

let slots: StaticArray<BaseContext | null> = new StaticArray<BaseContext | null>(64);
let mask: u32 = 63;
/** The hash is the top bits of the product, as many as the table has. */
let shift: u32 = 26;
let count: u32 = 0;

/** @returns null for an id that is not there */
export function findContext(id: u32): BaseContext | null {
  let at = home(id);
  let context = unchecked(slots[at]);
  while (context !== null && context.context_id != id) {
    at = (at + 1) & mask;
    context = unchecked(slots[at]);
  }
  return context;
}

export function addContext(context: BaseContext): void {
  if (count * 2 > mask) grow();
  place(context);
  count++;
}

export function removeContext(id: u32): void {
  let gap = home(id);
  let context = unchecked(slots[gap]);
  while (context !== null && context.context_id != id) {
    gap = (gap + 1) & mask;
    context = unchecked(slots[gap]);
  }
  if (context === null) return;
  count--;
  // Contexts behind the gap that were pushed past it move up.
  let at = (gap + 1) & mask;
  context = unchecked(slots[at]);
  while (context !== null) {
    if (((at - home(context.context_id)) & mask) >= ((at - gap) & mask)) {
      unchecked((slots[gap] = context));
      gap = at;
    }
    at = (at + 1) & mask;
    context = unchecked(slots[at]);
  }
  unchecked((slots[gap] = null));
}

function place(context: BaseContext): void {
  let at = home(context.context_id);
  while (unchecked(slots[at]) !== null) at = (at + 1) & mask;
  unchecked((slots[at] = context));
}

function grow(): void {
  const before = slots;
  mask = mask * 2 + 1;
  shift--;
  slots = new StaticArray<BaseContext | null>(mask + 1);
  for (let i = 0; i < before.length; i++) {
    const context = unchecked(before[i]);
    if (context !== null) place(context);
  }
}

// @ts-ignore: decorator
@inline
function home(id: u32): u32 {
  return (id * 0x9e3779b1) >> shift;
}
