/** A number of at most nine digits; -1 for anything else. The standard library reads other bases, and signs, in 400 bytes. */
export function parseSize(digits: string): i32 {
  if (digits.length == 0 || digits.length > 9) return -1;
  let size = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = digits.charCodeAt(i) - 0x30;
    if (<u32>digit > 9) return -1;
    size = 10 * size + digit;
  }
  return size;
}
