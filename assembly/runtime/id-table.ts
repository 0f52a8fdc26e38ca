import { newBeside } from "filterwright/assembly/heap/beside";

/** Slots of a new table. */
const FIRST_SIZE: u32 = 64;

/**
 * Objects by a number: contexts by their id, calls under way by their token. One object may be there several times.
 *
 * A hash table with open addressing. Ids are counted up, so multiplying by 2^32 / phi (Fibonacci hashing) spreads those
 * that are there at a time; the id itself would put long-lived ones side by side, in the way of all that come around later.
 * Removal closes the gap that it leaves, so nothing stays behind.
 */
export class IdTable {
  private slots: StaticArray<Object | null> = emptySlots(this, FIRST_SIZE);
  private ids: StaticArray<u32> = newIds(this, FIRST_SIZE);
  private mask: u32 = FIRST_SIZE - 1;
  /** The hash is the top bits of the product, as many as the table has. */
  private shift: u32 = clz(FIRST_SIZE) + 1;
  private count: u32 = 0;

  /** @returns null for an id that is not there */
  find(id: u32): Object | null {
    return unchecked(this.slots[this.indexOf(id)]);
  }

  /** @param id that is not there yet */
  add(id: u32, item: Object): void {
    if (this.count * 2 > this.mask) this.grow();
    this.place(id, item);
    this.count++;
  }

  remove(id: u32): void {
    const slots = this.slots;
    const ids = this.ids;
    const mask = this.mask;
    let gap = this.indexOf(id);
    if (unchecked(slots[gap]) === null) return;
    this.count--;
    // Those behind the gap that were pushed past it move up.
    let at = (gap + 1) & mask;
    let item = unchecked(slots[at]);
    while (item !== null) {
      const idThere = unchecked(ids[at]);
      if (((at - this.home(idThere)) & mask) >= ((at - gap) & mask)) {
        unchecked((slots[gap] = item));
        unchecked((ids[gap] = idThere));
        gap = at;
      }
      at = (at + 1) & mask;
      item = unchecked(slots[at]);
    }
    unchecked((slots[gap] = null));
  }

  /** All that are there, in no order. */
  items(): StaticArray<Object | null> {
    return this.slots;
  }

  /** Where an id is, or would go. */
  private indexOf(id: u32): u32 {
    const slots = this.slots;
    const ids = this.ids;
    let at = this.home(id);
    while (unchecked(slots[at]) !== null && unchecked(ids[at]) != id) at = (at + 1) & this.mask;
    return at;
  }

  private place(id: u32, item: Object): void {
    const at = this.indexOf(id);
    unchecked((this.slots[at] = item));
    unchecked((this.ids[at] = id));
  }

  private grow(): void {
    const before = this.slots;
    const idsBefore = this.ids;
    this.mask = this.mask * 2 + 1;
    this.shift--;
    this.slots = emptySlots(this, this.mask + 1);
    this.ids = newIds(this, this.mask + 1);
    for (let i = 0; i < before.length; i++) {
      const item = unchecked(before[i]);
      if (item !== null) this.place(unchecked(idsBefore[i]), item);
    }
  }

  // @ts-ignore: decorator
  @inline
  private home(id: u32): u32 {
    return (id * 0x9e3779b1) >> this.shift;
  }
}

/** Made by hand: the constructor's check of the length would bring its error texts into every module. */
function emptySlots(table: IdTable, length: u32): StaticArray<Object | null> {
  const size = <usize>length * sizeof<usize>();
  const address = newBeside(changetype<usize>(table), size, idof<StaticArray<Object | null>>());
  memory.fill(address, 0, size);
  return changetype<StaticArray<Object | null>>(address);
}

/** Where a slot is empty, its id means nothing. */
function newIds(table: IdTable, length: u32): StaticArray<u32> {
  const size = <usize>length * sizeof<u32>();
  return changetype<StaticArray<u32>>(newBeside(changetype<usize>(table), size, idof<StaticArray<u32>>()));
}
