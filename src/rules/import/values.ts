import type { Place } from "./place.ts";

/** Text that stands for itself: our operators begin with a percent sign. */
export function literal(text: string): string {
  return text.replaceAll("%", "%%");
}

/** Refuses a text that no header may have. @returns whether it may */
export function isHeaderText(at: Place, text: string): boolean {
  const isFine = !/[\u0000-\u0008\u000a-\u001f\u007f]/.test(text);
  if (!isFine) at.refuse("expected a value without control characters");
  return isFine;
}

/** A text without the whitespace around it, which is no part of a header's value (RFC 9110 §5.5). */
export function trimmed(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, "");
}
