import type { RulesDocument, Rule } from "./document.ts";

/** A place of the input that our rules cannot say exactly, and why. */
export interface LeftOut {
  /** Such as `spec.rules[0].filters[1]`; the document's number stands in front where there are several. */
  path: string;
  reason: string;
}

/** What a reader makes of its input: rules, and what is to be said of them. */
export class Draft {
  readonly rules: Rule[] = [];
  readonly leftOut: LeftOut[] = [];
  strategy: RulesDocument["strategy"];
  private readonly guard: NonNullable<RulesDocument["guard"]> = {};
  private readonly noteTexts = new Set<string>();
  private readonly names = new Set<string>();

  refuse(path: string, reason: string): void {
    this.leftOut.push({ path, reason });
  }

  /** The same note is told once. */
  note(text: string): void {
    this.noteTexts.add(text);
  }

  /** Sets what §guard must allow for a write. */
  allow(setting: "allowRouting" | "allowEnvoy"): void {
    this.guard[setting] = true;
  }

  /** A rule's name, unique, of letters, digits and dashes: `spec.rules[0]` is `spec-rules-0`. */
  nameFor(...parts: string[]): string {
    const kebab = parts
      .join("-")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-");
    const base = kebab.replace(/^-|-$/g, "") || "rule";
    let name = base;
    for (let count = 2; this.names.has(name); count++) name = `${base}-${count}`;
    this.names.add(name);
    return name;
  }

  /** A rule that does nothing is no rule; `firstMatch` needs those that end the search, which go to `rules` directly. */
  addRule(name: string, rule: Omit<Rule, "name">): void {
    const does = (side: Rule["request"]) => side !== undefined && Object.keys(side).length > 0;
    if (does(rule.request) || does(rule.response)) this.rules.push({ name: this.nameFor(name), ...rule });
  }

  get notes(): string[] {
    return [...this.noteTexts];
  }

  get document(): RulesDocument {
    return {
      version: "v1",
      ...(this.strategy && { strategy: this.strategy }),
      ...(Object.keys(this.guard).length > 0 && { guard: { ...this.guard } }),
      rules: this.rules,
    };
  }
}
