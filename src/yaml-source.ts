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

/** A YAML or JSON text, and where in it each part stands. */
export class YamlSource {
  /** What is wrong with its form, and where. */
  readonly problem: { offset: number; message: string } | undefined;
  private readonly lineCounter = new LineCounter();
  private readonly text: string;
  private readonly document;

  constructor(text: string) {
    this.text = text;
    this.document = parseDocument(text, { lineCounter: this.lineCounter, customTags: ["binary"] });
    const error = this.document.errors[0];
    this.problem = error && { offset: error.pos[0], message: error.message.split("\n")[0] ?? "not YAML" };
  }

  /** Only for a text without a problem. */
  toJS(): unknown {
    return this.document.toJS();
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
    const excerpt = `${String(line).padStart(4)} | ${source}\n     | ${" ".repeat(column - 1)}^`;
    return { line, column, excerpt };
  }
}
