import type { Template, TemplatePart } from "../plan.ts";
import { headerArgument } from "./header-argument.ts";
import type { Refuse } from "./refusal.ts";

/** `max_bytes` of `envoy.config.core.v3.HeaderValue.value`. */
const MAX_BYTES = 16_384;

/** What a template is as a format string of Envoy, which all but `keep_empty_value` reads as the rules do. */
export function formatString(template: Template, isRequest: boolean, refuse: Refuse): string {
  const format = template.map((part) => formatPart(part, isRequest, refuse)).join("");
  if (Buffer.byteLength(format) > MAX_BYTES) refuse(`header_mutation takes values of at most ${MAX_BYTES} bytes`);
  return format;
}

function formatPart(part: TemplatePart, isRequest: boolean, refuse: Refuse): string {
  if (typeof part === "string") return plain(part);
  const { operator, argument, maxSize, pipes } = part;
  if (pipes.length > 0) {
    refuse(`header_mutation has no pipes: ${pipes.join("|")}`);
    return "";
  }
  if (operator === "LITERAL") return literal(argument, maxSize, refuse);
  const header = headerArgument(operator, argument);
  if (header === undefined || header.isOriginal) {
    refuse(`header_mutation has no exact equal of %${operator}%`);
    return "";
  }
  if (header.index !== 0) {
    refuse(
      `header_mutation reads the first line of a header only, not [${header.index === "all" ? "*" : header.index}]`,
    );
  }
  const isOfRequest = header.message === "request";
  if (isOfRequest && !isRequest) {
    refuse(`on a response %${operator}% of header_mutation sees what later filters made of the request`);
  }
  const size = maxSize === undefined ? "" : `:${maxSize}`;
  return `%${isOfRequest ? "REQ" : "RESP"}(${header.names.join("?")})${size}%`;
}

function literal(text: string, maxSize: number | undefined, refuse: Refuse): string {
  const bytes = Buffer.from(text);
  if (maxSize === undefined || bytes.length <= maxSize) return plain(text);
  const cut = bytes.subarray(0, maxSize).toString();
  if (!Buffer.from(cut).equals(bytes.subarray(0, maxSize))) refuse("a format string holds no half of a character");
  return plain(cut);
}

const plain = (text: string): string => text.replaceAll("%", "%%");

/** Whether the value has some bytes whatever the message is. */
export function isNeverEmpty(template: Template): boolean {
  return template.some((part) => typeof part === "string" && part !== "");
}

/** Whether the value is empty whatever the message is. */
export function isAlwaysEmpty(template: Template): boolean {
  return template.every((part) => part === "");
}

/** Whether the value is made of a header of the message at hand. */
export function reads(template: Template, name: string): boolean {
  return template.some(
    (part) => typeof part !== "string" && headerArgument(part.operator, part.argument)?.names.includes(name) === true,
  );
}
