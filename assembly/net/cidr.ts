import { readAddress } from "filterwright/assembly/net/address";
import { findByte } from "filterwright/assembly/text/slice";

/** Bits in front of an IPv4 address among the 128. */
const IPV4_PREFIX = 96;
/** The word that ends in them. */
const IPV4_MARK: u64 = 0xffff;

const parsed: usize = memory.data(16, 8);

/**
 * A range of addresses: `10.0.0.0/8`, `2001:db8::/32` (RFC 4632, RFC 4291 §2.3), or one address. Bits behind the prefix do not
 * count, as in Envoy's own ranges (source/common/network/cidr_range.cc); `hasHostBits` is there for a warning.
 *
 * An IPv4 address is in IPv4 ranges only, also where it is written `::ffff:1.2.3.4`: `::/0` does not have it.
 */
export class Cidr {
  private constructor(
    private readonly high: u64,
    private readonly low: u64,
    private readonly prefix: i32,
  ) {}

  /** True where the address in front of the prefix is not the first of the range. */
  get hasHostBits(): bool {
    return ((this.high & ~mask(this.prefix)) | (this.low & ~mask(this.prefix - 64))) != 0;
  }

  /** @returns null where the text is no range */
  static parse(start: usize, size: i32): Cidr | null {
    const end = start + size;
    const slash = findByte(0x2f, start, end);
    if (!readAddress(start, slash, parsed)) return null;
    const before = findByte(0x3a, start, slash) < slash ? 0 : IPV4_PREFIX;
    const bits = slash == end ? 128 - before : number(slash + 1, end);
    if (bits < 0 || before + bits > 128) return null;
    return new Cidr(bswap<u64>(load<u64>(parsed)), bswap<u64>(load<u64>(parsed, 8)), before + bits);
  }

  /** @param address 16 bytes, as `readEndpoint` makes them */
  contains(address: usize): bool {
    const high = bswap<u64>(load<u64>(address));
    const low = bswap<u64>(load<u64>(address, 8));
    const isIpv4 = high == 0 && low >> 32 == IPV4_MARK;
    if (isIpv4 && this.prefix < IPV4_PREFIX) return false;
    return (((high ^ this.high) & mask(this.prefix)) | ((low ^ this.low) & mask(this.prefix - 64))) == 0;
  }
}

/** The first so many bits of 64: none below 0, all above 64. */
function mask(bits: i32): u64 {
  if (bits <= 0) return 0;
  return bits >= 64 ? u64.MAX_VALUE : ~(u64.MAX_VALUE >> bits);
}

/** A number of one to three digits without a leading zero; -1 for any other text. */
function number(start: usize, end: usize): i32 {
  const digits = end - start;
  if (digits == 0 || digits > 3 || (digits > 1 && load<u8>(start) == 0x30)) return -1;
  let value = 0;
  for (; start < end; start++) {
    const digit = <u8>(load<u8>(start) - 0x30);
    if (digit > 9) return -1;
    value = 10 * value + digit;
  }
  return value;
}
