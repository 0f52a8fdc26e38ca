// Serialized messages, as Envoy gives a library its configuration.

/** A field of bytes, with a length before them. */
const field = (number: number, bytes: Buffer | string): Buffer => {
  const content = Buffer.from(bytes);
  return Buffer.concat([varint((number << 3) | 2), varint(content.length), content]);
};

function varint(value: number): Buffer {
  const bytes = [];
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
  return Buffer.from([...bytes, value]);
}

/** An `Any` of a `StringValue`. */
const text = (value: string): Buffer =>
  Buffer.concat([field(1, "type.googleapis.com/google.protobuf.StringValue"), field(2, field(1, value))]);

/** `envoy.extensions.wasm.v3.PluginConfig` @param failurePolicy its number in `FailurePolicy` */
export function pluginConfig(name: string, vmId: string, vmConfiguration: string, failurePolicy: number): Buffer {
  return Buffer.concat([
    field(1, name),
    field(2, "root"),
    field(3, Buffer.concat([field(1, vmId), field(4, text(vmConfiguration))])),
    field(4, text("configured")),
    varint(7 << 3),
    varint(failurePolicy),
  ]);
}
