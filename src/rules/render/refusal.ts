import type { TypedConfig } from "../../envoy/swap.ts";
import type { Rule } from "../plan.ts";

/** Something that an engine cannot do exactly as the rules say. */
export interface Refusal {
  /** The rule's name; the key of the document for what is no rule, such as `limits`. */
  rule: string;
  /** As `rules[0]`; the same key for what is no rule. */
  path: string;
  /** What of it, in short: `set x-a`, `matches`, `percent`. */
  operation: string;
  reason: string;
}

/** A filter that does exactly what a plan does, or all that keeps an engine from it. */
export type Rendering = { config: TypedConfig } | { refusals: Refusal[] };

/** Takes in reasons why an operation cannot be rendered. */
export type Refuse = (reason: string) => void;

/** What an engine cannot do of a plan. */
export class Refusals {
  readonly list: Refusal[] = [];

  /** Of something beside the rules. */
  add(key: string, reason: string): void {
    this.list.push({ rule: key, path: key, operation: key, reason });
  }

  /** @returns takes in the reasons of one operation; a reason that was given for it already is not repeated */
  of({ name, path }: Pick<Rule, "name" | "path">, operation: string): Refuse {
    const seen = new Set<string>();
    return (reason) => {
      if (!seen.has(reason)) this.list.push({ rule: name, path, operation, reason });
      seen.add(reason);
    };
  }
}

/** For people, one line. */
export function describeRefusal({ rule, operation, reason }: Refusal): string {
  return operation === rule ? `${rule}: ${reason}` : `${rule}: ${operation}: ${reason}`;
}
