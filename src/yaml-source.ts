import { isMap, LineCounter, type Node, type ParsedNode, parseDocument, type Scalar } from "yaml";

/** A way into a document: keys and indices from the top. */
export type Step = string | number;

export interface Place {
  /** From 1. */
  line: number;
  column: number;
  /** The line, and a caret under the column. */
  excerpt: string;
}

/** Characters of a line. */
const LONGEST_SHOWN = 160;

/** A YAML or JSON text, and where in it each part stands. */
export class YamlSource {
  /** What is wrong with its form, and where. */
  readonly problem: { offset: number; message: string } | undefined;
  private readonly value: unknown;
  private readonly lineCounter = new LineCounter();
  private readonly text: string;
  private readonly document;

  constructor(text: string) {
    this.text = text;
    this.document = parseDocument(text, { lineCounter: this.lineCounter, customTags: ["binary"] });
    const error = this.document.errors[0];
    if (error) this.problem = { offset: error.pos[0], message: error.message.split("\n")[0] ?? "not YAML" };
    else {
      try {
        this.value = this.document.toJS();
      } catch (cause) {
        // Aliases of aliases, that would be more than memory holds.
        this.problem = { offset: 0, message: (cause as Error).message };
      }
    }
  }

  /** Only for a text without a problem. */
  toJS(): unknown {
    return this.value;
  }

  /** Where a part begins, or the nearest one around it that there is. */
  offsetOf(at: Step[]): number {
    for (let length = at.length; length > 0; length--) {
      const node = this.document.getIn(at.slice(0, length), true) as Node | undefined;
      if (node?.range) return node.range[0];
    }
    return (this.document.contents as ParsedNode | null)?.range[0] ?? 0;
  }

  /** The way to a part, or to the nearest one around it that there is. */
  nearest(at: Step[]): Step[] {
    let length = at.length;
    while (length > 0 && !this.document.hasIn(at.slice(0, length))) length--;
    return at.slice(0, length);
  }

  /** Where a key of a map begins. @param at the map's place */
  offsetOfKey(at: Step[], key: string): number {
    const map = at.length === 0 ? this.document.contents : this.document.getIn(at, true);
    const pair = isMap<Scalar>(map) ? map.items.find((item) => String(item.key.value) === key) : undefined;
    return pair?.key.range?.[0] ?? this.offsetOf(at);
  }

  place(offset: number): Place {
    const { line, col: column } = this.lineCounter.linePos(offset);
    const source = this.text.split("\n")[line - 1] ?? "";
    // Of a long line, as JSON may be one, what is around the column.
    const from = source.length > LONGEST_SHOWN ? Math.max(0, column - 1 - LONGEST_SHOWN / 2) : 0;
    const [before, behind] = [from > 0 ? "..." : "", from + LONGEST_SHOWN < source.length ? "..." : ""];
    const shown = before + source.slice(from, from + LONGEST_SHOWN) + behind;
    const caret = " ".repeat(before.length + column - 1 - from);
    return { line, column, excerpt: `${String(line).padStart(4)} | ${shown}\n     | ${caret}^` };
  }
}
