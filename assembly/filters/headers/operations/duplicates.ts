import { NewLines } from "filterwright/assembly/filters/headers/new-lines";
import { ByteWriter } from "filterwright/assembly/text/byte-writer";

/** Which of some texts are like one before them. A client chooses how many there are: they are sorted, in n log n comparisons. */
export class Duplicates {
  /** Indexes of the texts, as i32, and for each text a byte. */
  private readonly order: ByteWriter = new ByteWriter();
  private readonly marks: ByteWriter = new ByteWriter();

  constructor(private readonly texts: NewLines) {}

  /** To be asked when the texts are all there. */
  find(): void {
    const count = this.texts.count;
    this.marks.clear();
    memory.fill(this.marks.reserve(count), 0, count);
    this.order.clear();
    this.order.reserve(count << 2);
    for (let i = 0; i < count; i++) this.put(i, i);
    this.sort(count);
    // Of those that are alike the first comes first.
    for (let i = 1; i < count; i++) {
      if (this.compare(this.at(i - 1), this.at(i)) == 0) store<bool>(this.marks.start + this.at(i), true);
    }
  }

  has(text: i32): bool {
    return load<bool>(this.marks.start + text);
  }

  /** Heapsort: no input makes it slower. */
  private sort(count: i32): void {
    for (let i = (count >> 1) - 1; i >= 0; i--) this.sink(i, count);
    for (let end = count - 1; end > 0; end--) {
      const largest = this.at(0);
      this.put(0, this.at(end));
      this.put(end, largest);
      this.sink(0, end);
    }
  }

  private sink(root: i32, end: i32): void {
    for (let child = 2 * root + 1; child < end; child = 2 * root + 1) {
      if (child + 1 < end && this.isBefore(child, child + 1)) child++;
      if (!this.isBefore(root, child)) return;
      const text = this.at(root);
      this.put(root, this.at(child));
      this.put(child, text);
      root = child;
    }
  }

  private isBefore(a: i32, b: i32): bool {
    const order = this.compare(this.at(a), this.at(b));
    return order == 0 ? this.at(a) < this.at(b) : order < 0;
  }

  private compare(a: i32, b: i32): i32 {
    const texts = this.texts;
    const aSize = texts.size(a);
    const bSize = texts.size(b);
    return aSize == bSize ? memory.compare(texts.start(a), texts.start(b), aSize) : aSize - bSize;
  }

  private at(place: i32): i32 {
    return load<i32>(this.order.start + (place << 2));
  }

  private put(place: i32, text: i32): void {
    store<i32>(this.order.start + (place << 2), text);
  }
}
