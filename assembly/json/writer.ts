import { ByteWriter } from "filterwright/assembly/text/byte-writer";
import { hexByte } from "filterwright/assembly/text/format";

/**
 * Writes JSON (RFC 8259) piece by piece; commas come by themselves.
 *
 *     to.object();
 *     to.key("a");
 *     to.number(1);
 *     to.endObject();
 */
export class JsonWriter {
  readonly bytes: ByteWriter = new ByteWriter();
  private needsComma: bool = false;

  object(): void {
    this.begin("{");
  }

  array(): void {
    this.begin("[");
  }

  endObject(): void {
    this.end("}");
  }

  endArray(): void {
    this.end("]");
  }

  key(name: string): void {
    this.string(name);
    this.bytes.text(":");
    this.needsComma = false;
  }

  string(text: string): void {
    this.separate();
    this.bytes.text('"');
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit < 0x20 || unit == 0x7f) this.bytes.text("\\u00" + hexByte(<u8>unit));
      else if (unit == 0x22 || unit == 0x5c) this.bytes.text("\\" + text.charAt(i));
      else {
        const isPair = (unit & ~0x3ff) == 0xd800 && i + 1 < text.length;
        this.bytes.text(text.substr(i, isPair ? 2 : 1));
        if (isPair) i++;
      }
    }
    this.bytes.text('"');
  }

  number(number: i64): void {
    this.separate();
    if (number < 0) this.bytes.text("-");
    this.bytes.decimal(<u64>(number < 0 ? -number : number));
  }

  boolean(isTrue: bool): void {
    this.separate();
    this.bytes.text(isTrue ? "true" : "false");
  }

  null(): void {
    this.separate();
    this.bytes.text("null");
  }

  private begin(bracket: string): void {
    this.separate();
    this.bytes.text(bracket);
    this.needsComma = false;
  }

  private end(bracket: string): void {
    this.bytes.text(bracket);
    this.needsComma = true;
  }

  private separate(): void {
    if (this.needsComma) this.bytes.text(",");
    this.needsComma = true;
  }
}
