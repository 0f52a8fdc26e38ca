import { Bytes } from "filterwright/assembly/filters/headers/bytes";
import { HeaderName } from "filterwright/assembly/filters/headers/header-name";
import { TextMatcher } from "filterwright/assembly/filters/headers/text-matcher";
import { Template } from "filterwright/assembly/filters/headers/values/template";
import { JsonWriter } from "filterwright/assembly/json/writer";

/**
 * What a plan is, as JSON, for the tools: src/rules/plan.ts has its types. Only the check build has it: the parts of a plan
 * describe themselves in methods that no other module calls, and so has.
 */
export class Description extends JsonWriter {
  text(key: string, value: string): void {
    this.key(key);
    this.string(value);
  }

  count(key: string, value: i64): void {
    this.key(key);
    this.number(value);
  }

  flag(key: string, value: bool): void {
    this.key(key);
    this.boolean(value);
  }

  name(key: string, name: HeaderName): void {
    this.text(key, name.text);
  }

  /** Bytes of the configuration, which are UTF-8. */
  bytesOf(key: string, bytes: Bytes): void {
    this.text(key, bytes.toString());
  }

  texts(key: string, list: Bytes[]): void {
    this.key(key);
    this.array();
    for (let i = 0; i < list.length; i++) this.string(list[i].toString());
    this.endArray();
  }

  matcher(key: string, matcher: TextMatcher): void {
    this.key(key);
    matcher.describe(this);
  }

  matchers(key: string, matchers: TextMatcher[]): void {
    this.key(key);
    this.array();
    for (let i = 0; i < matchers.length; i++) matchers[i].describe(this);
    this.endArray();
  }

  template(key: string, template: Template): void {
    this.key(key);
    template.describe(this);
  }

  templates(key: string, templates: Template[]): void {
    this.key(key);
    this.array();
    for (let i = 0; i < templates.length; i++) templates[i].describe(this);
    this.endArray();
  }
}
