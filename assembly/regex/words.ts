/** Bytes that grow at their end, in one piece. What was taken may move when more is. */
export class Words {
  private bytes: ArrayBuffer = new ArrayBuffer(256);
  /** Bytes taken. */
  size: i32 = 0;

  get start(): usize {
    return changetype<usize>(this.bytes);
  }

  /** Takes so many bytes more. @returns where they are; they are not zeroed */
  take(size: i32): usize {
    const before = this.size;
    const after = before + size;
    if (after > this.bytes.byteLength) {
      const larger = new ArrayBuffer(after << 1);
      memory.copy(changetype<usize>(larger), this.start, before);
      this.bytes = larger;
    }
    this.size = after;
    return this.start + before;
  }
}
