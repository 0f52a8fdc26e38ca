/** A document in the wire format of google.protobuf.Struct. */
export function struct(document: object): Buffer {
  return Buffer.concat(
    Object.entries(document).map(([key, value]) =>
      field(1, Buffer.concat([field(1, Buffer.from(key)), field(2, valueBytes(value))])),
    ),
  );
}

function valueBytes(value: unknown): Buffer {
  if (value === null) return Buffer.from([8, 0]);
  if (typeof value === "boolean") return Buffer.from([32, Number(value)]);
  if (typeof value === "string") return field(3, Buffer.from(value));
  if (Array.isArray(value)) return field(6, Buffer.concat(value.map((item) => field(1, valueBytes(item)))));
  if (typeof value === "object") return field(5, struct(value));
  const bytes = Buffer.alloc(9, 17);
  bytes.writeDoubleLE(value as number, 1);
  return bytes;
}

function field(number: number, bytes: Buffer): Buffer {
  const size: number[] = [];
  for (let rest = bytes.length; ; rest = Math.floor(rest / 128)) {
    size.push(rest < 128 ? rest : 128 + (rest % 128));
    if (rest < 128) break;
  }
  return Buffer.concat([Buffer.from([8 * number + 2, ...size]), bytes]);
}
