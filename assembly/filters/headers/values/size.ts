/** A number of at most nine digits; -1 for anything else. */
export function parseSize(digits: string): i32 {
  if (digits.length == 0 || digits.length > 9) return -1;
  for (let i = 0; i < digits.length; i++) if (digits.charCodeAt(i) < 0x30 || digits.charCodeAt(i) > 0x39) return -1;
  return I32.parseInt(digits);
}
